import '@mantine/core/styles.css'
import './theme/tokens.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { createClient } from './client/client.ts'
import { installTrustedTypes } from './client/trusted-types.ts'

installTrustedTypes()
const { client, door } = createClient()
const place = document.getElementById('root')
if (place === null) throw new Error('the page has no root')
createRoot(place).render(<App lab={client} door={door} />)
