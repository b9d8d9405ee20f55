import { join } from 'node:path'
import { type FuseConfig, FuseV1Options, FuseVersion } from '@electron/fuses'

/**
 * The switches inside the packaged binary. Off: starting it as a bare Node, NODE_OPTIONS, the inspector, and file: pages with
 * more rights than the web's. On: encrypted cookies, and loading nothing but the archive, whose hash is checked on macOS and
 * Windows (Electron checks it on no Linux). A test build keeps the inspector, through which the end-to-end tests drive it.
 */
export const fuseConfig = (testBuild: boolean): FuseConfig => ({
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: testBuild,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // Faster WebAssembly (the sandbox of scripts is one); no door into the program.
  [FuseV1Options.WasmTrapHandlers]: true,
})

/** The executable of a package that electron-builder has just laid out. */
export const executableOf = (folder: string, platform: string, name: string, executable: string): string => {
  if (platform === 'darwin' || platform === 'mas') return join(folder, `${name}.app`, 'Contents', 'MacOS', name)
  return join(folder, platform === 'win32' ? `${name}.exe` : executable)
}
