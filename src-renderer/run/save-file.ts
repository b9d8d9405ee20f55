import type { TextFile } from '../../src-main/workspace/experiment-types.ts'

/** Hands a file to the person: the browser's and the desktop's own "save" takes it from there. */
export const saveFile = ({ name, mime, text }: TextFile): void => {
  const url = URL.createObjectURL(new Blob([text], { type: mime }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has its own hold on the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
