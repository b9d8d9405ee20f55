import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const args = process.argv.slice(2);
const req = createRequire(import.meta.url);
const electronPkg = JSON.parse(readFileSync(req.resolve('electron/package.json'), 'utf8'));
Object.defineProperty(process.versions, 'electron', { value: electronPkg.version, enumerable: true });
Object.defineProperty(process.versions, 'chrome', { value: 'double', enumerable: true });
process.type = 'browser';
process.resourcesPath = join(import.meta.dirname, 'resources');
process.argv = [join(import.meta.dirname, 'electron'), ...args];

const preloads = [];
for (let i = 0; i < args.length; i++) if (args[i] === '-r' || args[i] === '--require') preloads.push(args[++i]);
const electron = await import('electron');
for (const p of preloads) req(resolve(p)); // may rewrite process.argv, as Playwright's loader does
const rest = process.argv.slice(1).filter((a, i, all) => !a.startsWith('-') && all[i - 1] !== '-r' && all[i - 1] !== '--require');
let entry = resolve(rest[0] ?? '.');
let root = dirname(entry);
if (statSync(entry).isDirectory()) {
  root = entry;
  entry = join(entry, JSON.parse(readFileSync(join(entry, 'package.json'), 'utf8')).main ?? 'index.js');
} else while (!existsSync(join(root, 'package.json')) && dirname(root) !== root) root = dirname(root);
await electron.__start(root, args);
await import(pathToFileURL(entry).href);
electron.__entryLoaded();
