import { Button } from '@mantine/core'
import { type ReactNode, useRef, useState } from 'react'
import classes from './file-drop.module.css'
import { Icon } from './icon.tsx'

/** Takes files by drag and drop, by its button (the keyboard's way) or by paste. `compact`: only the button and a frame. */
export const FileDrop = (props: {
  readonly label: string
  readonly hint?: string
  /** File name endings, with the dot. */
  readonly accept: readonly string[]
  readonly multiple?: boolean
  readonly busy?: boolean
  readonly onFiles: (files: readonly File[]) => void
  readonly children?: ReactNode
}) => {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: FileList | null): void => {
    const taken = [...(files ?? [])]
    if (taken.length > 0) props.onFiles(props.multiple === true ? taken : taken.slice(0, 1))
  }
  return (
    <div
      className={classes.drop}
      data-over={over || undefined}
      role="group"
      aria-label={props.label}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files)
      }}
    >
      <Icon name="upload" size="large" />
      <p className={classes.label}>{props.label}</p>
      {props.hint === undefined ? null : <p className={classes.hint}>{props.hint}</p>}
      <input
        ref={input}
        type="file"
        hidden
        accept={props.accept.join(',')}
        multiple={props.multiple ?? false}
        onChange={(event) => {
          take(event.currentTarget.files)
          // The same file may be chosen again after it was corrected.
          event.currentTarget.value = ''
        }}
      />
      <div className={classes.actions}>
        <Button variant="default" loading={props.busy ?? false} onClick={() => input.current?.click()}>
          Choose a file
        </Button>
        {props.children}
      </div>
    </div>
  )
}

/** A file's bytes in base64, as the host takes them. Read in one go: the host caps the size. */
export const toBase64 = async (file: File): Promise<string> => {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error(`${file.name} could not be read`))
    reader.readAsDataURL(file)
  })
  return url.slice(url.indexOf(',') + 1)
}

/** Hands a text to the browser's or desktop's download. */
export const saveTextFile = (file: { readonly name: string; readonly mime?: string; readonly text: string }): void => {
  const url = URL.createObjectURL(new Blob([file.text], { type: file.mime ?? 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = file.name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
