import { Anchor, Radio, Switch } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { Settings } from '../../../src-main/workspace/host-types.ts'
import { Ask } from '../../components/ask.tsx'
import { Section } from '../../components/page.tsx'
import { tellError } from '../../state/errors.ts'
import { useAct, useAsk } from '../../state/lab.tsx'
import { showToast } from '../../state/toasts.ts'
import classes from './settings.module.css'

const closings = [
  { value: 'ask', label: 'Ask' },
  { value: 'background', label: 'Go on in the background' },
  { value: 'stop', label: 'Stop them; they can be resumed' },
] as const

export const Privacy = () => {
  const queries = useQueryClient()
  const settings = useAsk(['settings'], (lab, signal) => lab.settings.get.query(undefined, { signal }))
  const save = useAct(
    (lab, change: Partial<Pick<Settings, 'detectLocalModels' | 'onClose'>>) => lab.settings.save.mutate(change),
    {
      onDone: (saved) => queries.setQueryData(['settings'], saved),
      onError: (error) => showToast({ kind: 'problem', text: tellError(error).what }),
    },
  )
  return (
    <Section title="Privacy">
      <p className={classes.note}>
        Prompt Lab sends no telemetry, looks for no updates and loads nothing from other machines. Prompts, cases and
        answers stay in one file on this computer. What leaves it are the requests of runs on services that you chose;
        each of them stands in the <Anchor href="#/settings?section=network">network log</Anchor>.
      </p>
      <Ask of={settings} count={3}>
        {({ detectLocalModels, onClose }) => (
          <div className={classes.stack}>
            <Switch
              label="Look for local model servers"
              description="Asks 127.0.0.1:11434 whether Ollama runs. Never another machine."
              checked={detectLocalModels}
              onChange={(event) => save.mutate({ detectLocalModels: event.currentTarget.checked })}
            />
            <Radio.Group
              label="When a window is closed while runs go on"
              value={onClose}
              onChange={(value) => {
                const chosen = closings.find((one) => one.value === value)
                if (chosen !== undefined) save.mutate({ onClose: chosen.value })
              }}
            >
              <div className={classes.stack}>
                {closings.map(({ value, label }) => (
                  <Radio key={value} value={value} label={label} />
                ))}
              </div>
            </Radio.Group>
          </div>
        )}
      </Ask>
    </Section>
  )
}
