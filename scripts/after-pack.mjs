// electron-builder loads its hooks by itself, from JavaScript. PROMPTLAB_TEST_BUILD=1 makes a build that tests can drive.
import { flipFuses } from '@electron/fuses'
import { executableOf, fuseConfig } from './fuses.ts'

/** @param {import('electron-builder').AfterPackContext} context */
export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const { productFilename } = packager.appInfo
  const file = executableOf(
    appOutDir,
    electronPlatformName,
    productFilename,
    packager.executableName ?? productFilename,
  )
  await flipFuses(file, fuseConfig(process.env.PROMPTLAB_TEST_BUILD === '1'))
}
