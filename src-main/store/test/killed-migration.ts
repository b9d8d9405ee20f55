import { writeSync } from 'node:fs'
import { openDatabase } from '../open-database.ts'
import { dataOf } from './direct.ts'
import { withSecondStep } from './second-step.ts'

const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('usage: killed-migration.ts DATABASE')
writeSync(1, 'begins\n')
openDatabase(dataOf(path), withSecondStep).db.close()
