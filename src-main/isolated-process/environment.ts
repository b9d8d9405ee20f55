/**
 * The child of an isolated process gets these names and no others: API keys live in the environment, and code that was
 * isolated because it is not trusted has no business with them.
 */
const kept = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'WINDIR',
  'SYSTEMDRIVE',
  'APPDATA',
  'LOCALAPPDATA',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'OMP_NUM_THREADS',
  'CUDA_VISIBLE_DEVICES',
] as const

export const childEnvironment = (own: Readonly<Record<string, string | undefined>>): Record<string, string> => {
  const environment: Record<string, string> = {}
  for (const name of kept) {
    const value = own[name]
    if (value !== undefined) environment[name] = value
  }
  return environment
}
