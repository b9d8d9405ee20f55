import { Button, Menu } from '@mantine/core'
import type { DownloadFormat } from '../../../src-main/workspace/experiment-types.ts'
import { Icon } from '../../components/icon.tsx'
import { saveFile } from '../../run/save-file.ts'
import { tellError } from '../../state/errors.ts'
import { useAct } from '../../state/lab.tsx'
import { showToast } from '../../state/toasts.ts'

const formats: readonly { readonly format: DownloadFormat; readonly label: string }[] = [
  { format: 'html', label: 'Web page (HTML, no scripts)' },
  { format: 'markdown', label: 'Markdown' },
  { format: 'csv', label: 'Table (CSV)' },
  { format: 'json', label: 'JSON' },
  { format: 'junit', label: 'JUnit (XML)' },
]

/** The report as a file, made from the same rows as this screen. */
export const ExportMenu = (props: { readonly experiment: string }) => {
  const { experiment } = props
  const download = useAct((lab, format: DownloadFormat) => lab.experiments.download.query({ experiment, format }), {
    onDone: (file) => {
      saveFile(file)
      showToast({ kind: 'done', text: `${file.name} saved` })
    },
    onError: (error) => showToast({ kind: 'problem', text: tellError(error).what }),
  })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          loading={download.isPending}
          leftSection={<Icon name="download" />}
          rightSection={<Icon name="chevronDown" size="small" />}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map(({ format, label }) => (
          <Menu.Item key={format} onClick={() => download.mutate(format)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
