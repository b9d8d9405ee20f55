import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import classes from './app.module.css'
import type { Door, LabClient } from './client/client.ts'
import { styleNonce } from './client/trusted-types.ts'
import { ErrorState } from './components/error-state.tsx'
import { Shell } from './shell/shell.tsx'
import { DoorProvider } from './state/door.ts'
import { createQueryClient, LabProvider } from './state/lab.tsx'
import { useScheme } from './theme/scheme.ts'
import { theme } from './theme/theme.ts'

/** The page was opened without the launch address: there is nothing it may show, only how to get in. */
const NoKey = () => (
  <main>
    <h1 className={classes.title}>Prompt Lab</h1>
    <ErrorState
      what="This page has no key to the lab."
      safe="Nothing is wrong with your data; other pages cannot reach it either."
      next="Open the address that “promptlab app” printed in the terminal. It holds a key that works until that command ends."
    />
  </main>
)

/** Colours and sizes are static CSS (theme/tokens.css), so Mantine writes no style tags of its own. */
export const App = (props: { readonly lab: LabClient; readonly door: Door }) => {
  const scheme = useScheme()
  const [queries] = useState(createQueryClient)
  return (
    <MantineProvider
      theme={theme}
      forceColorScheme={scheme}
      withCssVariables={false}
      withGlobalClasses={false}
      getStyleNonce={styleNonce}
    >
      <QueryClientProvider client={queries}>
        <LabProvider value={props.lab}>
          <DoorProvider value={props.door}>{props.door === 'no-key' ? <NoKey /> : <Shell />}</DoorProvider>
        </LabProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}
