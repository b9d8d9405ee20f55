import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import type { Door, LabClient } from './client/client.ts'
import { styleNonce } from './client/trusted-types.ts'
import { Shell } from './shell/shell.tsx'
import { createQueryClient, LabProvider } from './state/lab.tsx'
import { DoorProvider } from './state/door.ts'
import { useScheme } from './theme/scheme.ts'
import { theme } from './theme/theme.ts'

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
          <DoorProvider value={props.door}>
            <Shell />
          </DoorProvider>
        </LabProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}
