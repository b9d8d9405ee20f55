import { existsSync, statfsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, posix, resolve, win32 } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** Where the database lies unless `--db` says otherwise: the place that each system has for programs' data. */
export const defaultDatabasePath = (
  platform: NodeJS.Platform = process.platform,
  environment: Environment = process.env,
  home: string = homedir(),
): string => {
  const file = 'prompt-lab.db'
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Prompt Lab', file)
  if (platform === 'win32') {
    const local = environment.LOCALAPPDATA
    const base = local !== undefined && local !== '' ? local : win32.join(home, 'AppData', 'Local')
    return win32.join(base, 'Prompt Lab', file)
  }
  // The XDG specification: a relative path in the variable is to be ignored.
  const data = environment.XDG_DATA_HOME
  const base = data !== undefined && posix.isAbsolute(data) ? data : posix.join(home, '.local', 'share')
  return posix.join(base, 'prompt-lab', file)
}

const syncFolders =
  /(?:^|[\\/])(dropbox|onedrive[^\\/]*|google ?drive|my drive|icloud ?drive|mobile documents|nextcloud|owncloud|pcloud ?drive|syncthing|box sync)(?:[\\/]|$)/i

/** Magic numbers of statfs(2) for file systems whose locks or shared memory SQLite cannot rely on. */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9P'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
])

const nearestFolder = (path: string): string => {
  let folder = dirname(resolve(path))
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

/** A sentence for a place where a database is likely to be damaged; null for a good one. */
export const locationWarning = (path: string, platform: NodeJS.Platform = process.platform): string | null => {
  const sync = syncFolders.exec(path)
  if (sync !== null) {
    return `${path} lies in a folder that another program synchronises (${sync[1]}). It may copy or replace the database in the middle of a write: choose another place with --db, and put backups there instead.`
  }
  if (platform === 'win32') {
    return /^[\\/]{2}[^?.]/.test(path) ? networkSentence(path, 'a network share') : null
  }
  if (platform !== 'linux') return null
  const kind = networkFileSystems.get(Number(statfsSync(nearestFolder(path)).type) >>> 0)
  return kind === undefined ? null : networkSentence(path, kind)
}

const networkSentence = (path: string, kind: string): string =>
  `${path} lies on a network file system (${kind}), whose locks a database cannot rely on: choose a local disk with --db.`
