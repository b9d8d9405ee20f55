import { expect, it } from 'vitest'
import { defaultDatabasePath, locationWarning } from './location.ts'

it('follows the convention of each system', () => {
  expect(defaultDatabasePath('linux', {}, '/home/ada')).toBe('/home/ada/.local/share/prompt-lab/prompt-lab.db')
  expect(defaultDatabasePath('linux', { XDG_DATA_HOME: '/data' }, '/home/ada')).toBe('/data/prompt-lab/prompt-lab.db')
  expect(defaultDatabasePath('linux', { XDG_DATA_HOME: 'relative' }, '/home/ada')).toBe(
    '/home/ada/.local/share/prompt-lab/prompt-lab.db',
  )
  expect(defaultDatabasePath('darwin', {}, '/Users/ada')).toBe(
    '/Users/ada/Library/Application Support/Prompt Lab/prompt-lab.db',
  )
  expect(defaultDatabasePath('win32', { LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' }, 'C:\\Users\\ada')).toBe(
    'C:\\Users\\ada\\AppData\\Local\\Prompt Lab\\prompt-lab.db',
  )
  expect(defaultDatabasePath('win32', {}, 'C:\\Users\\ada')).toBe(
    'C:\\Users\\ada\\AppData\\Local\\Prompt Lab\\prompt-lab.db',
  )
})

it('warns of folders that another program copies, and of network shares', () => {
  expect(locationWarning('/home/ada/Dropbox/lab.db')).toMatch(/synchronises \(Dropbox\)/)
  expect(locationWarning('C:\\Users\\ada\\OneDrive - Firm\\lab.db', 'win32')).toMatch(/synchronises/)
  expect(locationWarning('/Users/ada/Library/Mobile Documents/lab.db', 'darwin')).toMatch(/synchronises/)
  expect(locationWarning('\\\\server\\share\\lab.db', 'win32')).toMatch(/network/)
  expect(locationWarning('/home/ada/dropbox-tools/lab.db')).toBeNull()
  expect(locationWarning('C:\\Users\\ada\\lab.db', 'win32')).toBeNull()
  expect(locationWarning('/a folder that does not exist/lab.db')).toBeNull()
})
