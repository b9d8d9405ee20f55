/** Writes resources/lab.schema.json from the schema that lab files are parsed with: `node scripts/generate-schema.ts`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { labJsonSchemaText } from '../src-core/lab/json-schema.ts'
import { root } from './steps.ts'

writeFileSync(join(root, 'resources', 'lab.schema.json'), labJsonSchemaText())
