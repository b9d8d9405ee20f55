// Test double of Electron's main-process module: real Chromium over CDP, real Node, no Electron binary.
import { fork, spawn } from 'node:child_process';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { makeCodec } from './codec.mjs';
import { makeBridge, preloadWorld } from './page.mjs';

const codec = makeCodec();
const WORLD = 'Electron Isolated Context';
const BINDING = `__ed_${randomBytes(6).toString('hex')}`;
const todo = (name) => () => {
  throw new Error(`electron double: ${name} is not emulated`);
};

// ---------------------------------------------------------------- CDP
class Cdp extends EventEmitter {
  #id = 0;
  #wait = new Map();
  #ws;
  static async open(url) {
    const c = new Cdp();
    c.setMaxListeners(0);
    c.#ws = new WebSocket(url);
    await new Promise((res, rej) => {
      c.#ws.onopen = res;
      c.#ws.onerror = () => rej(new Error('CDP connection failed'));
    });
    c.#ws.onmessage = ({ data }) => {
      const m = JSON.parse(data);
      if (m.id) {
        const w = c.#wait.get(m.id);
        c.#wait.delete(m.id);
        if (w) m.error ? w.rej(new Error(`${w.method}: ${m.error.message}`)) : w.res(m.result);
      } else c.emit(`${m.sessionId ?? ''}:${m.method}`, m.params);
    };
    c.#ws.onclose = () => {
      for (const w of c.#wait.values()) w.rej(new Error('CDP closed'));
      c.emit('closed');
    };
    return c;
  }
  send(method, params = {}, sessionId = undefined) {
    return new Promise((res, rej) => {
      const id = ++this.#id;
      this.#wait.set(id, { res, rej, method });
      this.#ws.send(JSON.stringify({ id, method, params, sessionId }));
    });
  }
}
let cdp;
let chromium;

// ---------------------------------------------------------------- protocol and webRequest
// Chromium knows no scheme of ours. `app://lab/x` travels as `https://lab.app.electron-double.invalid/x`, and CDP's Fetch
// domain hands each request to the handler before any name is looked up. The page sees that address; main sees its own.
const schemes = new Map();
const suffix = '.electron-double.invalid';
const fromAppUrl = (url) => {
  const u = new URL(url);
  const scheme = u.protocol.slice(0, -1);
  return schemes.has(scheme) ? `https://${u.host}.${scheme}${suffix}${u.pathname}${u.search}${u.hash}` : url;
};
const toAppUrl = (url) => {
  if (url.startsWith('blob:')) return `blob:${toAppUrl(url.slice(5))}`;
  const u = URL.parse(url);
  if (!u || u.protocol !== 'https:' || !u.hostname.endsWith(suffix)) return url;
  const parts = u.hostname.slice(0, -suffix.length).split('.');
  const scheme = parts.pop();
  return `${scheme}://${parts.join('.')}${u.pathname}${u.search}${u.hash}`;
};
let beforeRequest = null;
const askWebRequest = (details) =>
  new Promise((resolve) => (beforeRequest === null ? resolve({}) : beforeRequest(details, resolve)));

// ---------------------------------------------------------------- app
const paths = new Map();
let appRoot = process.cwd();
let pkg = {};
let ready = false;
let quitting = false;
const readyGate = Promise.withResolvers();
const switches = new Map();
class App extends EventEmitter {
  isPackaged = false;
  commandLine = {
    appendSwitch: (n, v = '') => {
      switches.set(n, v);
    },
    appendArgument: (a) => {
      switches.set(a.replace(/^--/, ''), '');
    },
    hasSwitch: (n) => switches.has(n),
    getSwitchValue: (n) => switches.get(n) ?? '',
    removeSwitch: (n) => {
      switches.delete(n);
    },
  };
  get name() {
    return pkg.productName ?? pkg.name ?? 'Electron';
  }
  getName() {
    return this.name;
  }
  setName(n) {
    pkg.productName = n;
  }
  getVersion() {
    return pkg.version ?? '0.0.0';
  }
  getAppPath() {
    return appRoot;
  }
  getLocale() {
    return 'en-US';
  }
  isReady() {
    return ready;
  }
  whenReady() {
    return readyGate.promise;
  }
  requestSingleInstanceLock() {
    return true;
  }
  hasSingleInstanceLock() {
    return true;
  }
  releaseSingleInstanceLock() {}
  setAppUserModelId() {}
  setAsDefaultProtocolClient() {
    return false;
  }
  enableSandbox() {}
  disableHardwareAcceleration() {}
  focus() {}
  relaunch() {}
  getPath(name) {
    if (paths.has(name)) return paths.get(name);
    const home = homedir();
    const config = process.env.XDG_CONFIG_HOME ?? join(home, '.config');
    const known = {
      home,
      appData: config,
      userData: join(paths.get('appData') ?? config, this.name),
      temp: tmpdir(),
      exe: process.argv[0],
      module: process.argv[0],
      desktop: join(home, 'Desktop'),
      documents: join(home, 'Documents'),
      downloads: join(home, 'Downloads'),
    };
    known.sessionData = paths.get('userData') ?? known.userData;
    known.logs = join(known.sessionData, 'logs');
    known.crashDumps = join(known.sessionData, 'Crashpad');
    if (!(name in known)) throw new Error(`Failed to get '${name}' path`);
    if (name === 'userData' || name === 'logs') mkdirSync(known[name], { recursive: true });
    return known[name];
  }
  setPath(name, p) {
    paths.set(name, p);
    mkdirSync(p, { recursive: true });
  }
  quit() {
    if (quitting) return;
    const e = preventable();
    this.emit('before-quit', e);
    if (e.defaultPrevented) return;
    quitting = true;
    void (async () => {
      for (const w of BrowserWindow.getAllWindows())
        if (!(await w.__close())) {
          quitting = false;
          return;
        }
      const will = preventable();
      this.emit('will-quit', will);
      if (will.defaultPrevented) {
        quitting = false;
        return;
      }
      this.emit('quit', {}, 0);
      this.exit(0);
    })();
  }
  exit(code = 0) {
    chromium?.kill('SIGKILL');
    try {
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      /* chromium may still hold it */
    }
    process.exit(code);
  }
}
export const app = new App();
const profile = join(tmpdir(), `electron-double-${process.pid}`);
const preventable = (extra = {}) => ({
  ...extra,
  defaultPrevented: false,
  preventDefault() {
    this.defaultPrevented = true;
  },
});

export async function __start(root, args) {
  appRoot = root;
  pkg = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const a of args) {
    const m = /^--([^=]+)(?:=(.*))?$/.exec(a);
    if (m) switches.set(m[1], m[2] ?? '');
  }
  if (switches.has('user-data-dir')) paths.set('userData', switches.get('user-data-dir'));
}
export function __entryLoaded() {
  void startChromium().then(
    () => {
      ready = true;
      app.emit('ready', {}, {});
      readyGate.resolve();
    },
    (e) => {
      console.error(e);
      app.exit(1);
    },
  );
}
async function startChromium() {
  mkdirSync(profile, { recursive: true });
  const args = [
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    '--no-startup-window',
    '--allow-file-access-from-files',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-default-apps',
    '--disable-quic',
    '--disable-gpu',
    '--no-sandbox',
    '--use-mock-keychain',
    '--password-store=basic',
    '--disable-dev-shm-usage',
    '--disable-popup-blocking',
    '--remote-allow-origins=*',
  ];
  if (!process.env.ELECTRON_DOUBLE_HEADED) args.push('--headless', '--hide-scrollbars');
  for (const [k, v] of switches) if (!['inspect', 'remote-debugging-port', 'user-data-dir', 'no-sandbox'].includes(k)) args.push(v ? `--${k}=${v}` : `--${k}`);
  chromium = spawn(process.env.ELECTRON_DOUBLE_CHROMIUM ?? '/usr/bin/chromium', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  process.once('exit', () => chromium.kill('SIGKILL'));
  for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(s, () => app.quit());
  chromium.once('exit', (code) => {
    if (!quitting) {
      console.error(`chromium exited with ${code}`);
      app.exit(1);
    }
  });
  const url = await new Promise((resolve, reject) => {
    chromium.once('error', reject);
    createInterface(chromium.stderr).on('line', (line) => {
      const m = /^DevTools listening on (ws:\S+)/.exec(line);
      if (m) {
        process.stderr.write(`${line}\n`);
        resolve(m[1]);
      } else if (process.env.ELECTRON_DOUBLE_DEBUG) process.stderr.write(`[chromium] ${line}\n`);
    });
  });
  cdp = await Cdp.open(url);
  await cdp.send('Target.setDiscoverTargets', { discover: true, filter: [{ type: 'page' }] });
  cdp.on(':Target.targetDestroyed', ({ targetId }) => {
    byTarget.get(targetId)?.__gone();
  });
}

// ---------------------------------------------------------------- ipcMain
class IpcMain extends EventEmitter {
  handlers = new Map();
  handle(c, f) {
    if (this.handlers.has(c)) throw new Error(`Attempted to register a second handler for '${c}'`);
    this.handlers.set(c, f);
  }
  handleOnce(c, f) {
    this.handle(c, (...a) => {
      this.handlers.delete(c);
      return f(...a);
    });
  }
  removeHandler(c) {
    this.handlers.delete(c);
  }
}
export const ipcMain = new IpcMain();

// ---------------------------------------------------------------- webContents and BrowserWindow
const byTarget = new Map();
const byId = new Map();
let nextId = 0;
class WebContents extends EventEmitter {
  constructor(options) {
    super();
    this.id = ++nextId;
    this.prefs = { contextIsolation: true, sandbox: true, nodeIntegration: false, ...options.webPreferences };
    if (this.prefs.nodeIntegration || !this.prefs.contextIsolation || !this.prefs.sandbox)
      throw new Error('electron double: only contextIsolation + sandbox renderers are emulated');
    this.destroyed = false;
    this.contextId = undefined;
    this.url = '';
    this.title = '';
    this.openHandler = () => ({ action: 'allow' });
    this.session = session.defaultSession;
    const contents = this;
    // Only the main frame talks: the preload runs in no other.
    this.mainFrame = { get url() { return contents.url; }, get origin() { return new URL(contents.url).origin; }, parent: null, routingId: 1, processId: 1 };
    byId.set(this.id, this);
    this.__ready = this.#attach(options);
    this.__ready.catch((e) => {
      if (!quitting) console.error(e);
    });
  }
  async #attach(o) {
    const { targetId } = await cdp.send('Target.createTarget', { url: 'about:blank', newWindow: true, width: o.width ?? 800, height: o.height ?? 600 });
    this.targetId = targetId;
    byTarget.set(targetId, this);
    this.session_ = (await cdp.send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
    const on = (m, f) => cdp.on(`${this.session_}:${m}`, f);
    on('Runtime.executionContextCreated', ({ context: c }) => {
      if (c.name === WORLD && c.auxData.frameId === this.mainFrameId) this.contextId = c.id;
    });
    on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      if (executionContextId === this.contextId) this.contextId = undefined;
    });
    on('Runtime.bindingCalled', (p) => {
      if (p.name === BINDING) void this.#fromPage(codec.decode(p.payload));
    });
    on('Page.frameNavigated', ({ frame }) => {
      if (!frame.parentId) {
        this.url = toAppUrl(frame.url) + (frame.urlFragment ?? '');
        this.emit('did-start-navigation', { url: this.url, isMainFrame: true, isSameDocument: false });
        this.emit('did-navigate', {}, this.url);
      }
    });
    on('Page.domContentEventFired', () => this.emit('dom-ready', {}));
    on('Page.loadEventFired', () => {
      if (this.url !== 'about:blank') this.emit('did-finish-load', {});
    });
    on('Page.javascriptDialogOpening', () => this.emit('-dialog'));
    on('Inspector.targetCrashed', () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }));
    on('Runtime.consoleAPICalled', (p) => this.emit('console-message', { level: p.type, message: p.args.map((a) => a.value ?? a.description).join(' ') }));
    await this.cdp('Page.enable');
    await this.cdp('Page.setLifecycleEventsEnabled', { enabled: true });
    this.mainFrameId = (await this.cdp('Page.getFrameTree')).frameTree.frame.id;
    on('Fetch.requestPaused', (p) => void this.#requested(p).catch((e) => { if (!quitting && !this.destroyed) console.error(e); }));
    await this.cdp('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
    await this.cdp('Runtime.enable');
    await this.cdp('Runtime.addBinding', { name: BINDING, executionContextName: WORLD });
    const channel = randomBytes(12).toString('hex');
    await this.cdp('Page.addScriptToEvaluateOnNewDocument', { source: `if (window === top) (${makeBridge})(${JSON.stringify(channel)}, 'main');` });
    const file = this.prefs.preload;
    if (file && /\.mjs$/.test(file)) throw new Error('sandboxed preload scripts cannot be ES modules');
    const versions = { ...process.versions, platform: process.platform, arch: process.arch };
    await this.cdp('Page.addScriptToEvaluateOnNewDocument', {
      worldName: WORLD,
      source: `if (window === top) (${preloadWorld})(${makeBridge}, ${JSON.stringify(channel)}, (${makeCodec})(), ${JSON.stringify(BINDING)}, ${JSON.stringify(versions)}, function (require, module, exports, process, global) {\n${file ? readFileSync(file, 'utf8') : ''}\n});\n//# sourceURL=${file ? pathToFileURL(file).href : 'electron-double'}`,
    });
  }
  cdp(method, params) {
    return cdp.send(method, params, this.session_);
  }
  // Requests of the page: the app's own scheme is answered by its handler, the rest asks webRequest, as in Electron.
  async #requested({ requestId, request, resourceType, frameId }) {
    const url = toAppUrl(request.url);
    const isDocument = resourceType === 'Document';
    if (isDocument && url !== this.loading) {
      const isMainFrame = frameId === this.mainFrameId;
      const event = preventable({ url, isMainFrame, isSameDocument: false });
      this.emit('will-frame-navigate', event);
      if (isMainFrame && !event.defaultPrevented) this.emit('will-navigate', event, url);
      if (event.defaultPrevented) return this.cdp('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
    }
    const { cancel } = await askWebRequest({ url, method: request.method, resourceType });
    if (cancel) return this.cdp('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
    const handler = schemes.get(new URL(url).protocol.slice(0, -1));
    if (!handler) return this.cdp('Fetch.continueRequest', { requestId });
    const reply = await handler(new Request(url, { method: request.method }));
    const body = Buffer.from(await reply.arrayBuffer()).toString('base64');
    const responseHeaders = [...reply.headers].map(([name, value]) => ({ name, value }));
    return this.cdp('Fetch.fulfillRequest', { requestId, responseCode: reply.status, responseHeaders, body });
  }
  async #fromPage(m) {
    const event = { sender: this, senderFrame: this.mainFrame, frameId: 1, processId: 1, type: 'frame', reply: (c, ...a) => this.send(c, ...a) };
    if (m.t === 'open') {
      const r = this.openHandler({ url: m.url, frameName: '', features: '', disposition: 'new-window', referrer: { url: this.url, policy: '' } });
      if (r.action !== 'deny') console.error(`electron double: window.open('${m.url}') was allowed, but child windows are not emulated`);
      return;
    }
    if (m.t === 'send') {
      ipcMain.emit(m.channel, event, ...m.args);
      return;
    }
    let answer;
    try {
      const h = ipcMain.handlers.get(m.channel);
      if (!h) throw new Error(`No handler registered for '${m.channel}'`);
      answer = codec.encode({ t: 'reply', id: m.id, value: await h(event, ...m.args) });
    } catch (e) {
      answer = codec.encode({ t: 'reply', id: m.id, error: `Error invoking remote method '${m.channel}': ${e}` });
    }
    this.#toPage(answer);
  }
  #toPage(text) {
    if (this.contextId === undefined) return;
    this.cdp('Runtime.evaluate', { expression: `__electronDoubleReceive(${JSON.stringify(text)})`, contextId: this.contextId, silent: true }).catch(() => {});
  }
  send(channel, ...args) {
    if (this.destroyed) throw new TypeError('Object has been destroyed');
    this.#toPage(codec.encode({ t: 'send', channel, args }));
  }
  async loadURL(url) {
    await this.__ready;
    const early = new Set(); // load events may arrive before the answer to Page.navigate
    let want;
    const loaded = Promise.withResolvers();
    const seen = (p) => {
      if (p.name === 'load' && p.frameId === this.mainFrameId) {
        early.add(p.loaderId);
        if (p.loaderId === want) loaded.resolve();
      }
    };
    cdp.on(`${this.session_}:Page.lifecycleEvent`, seen);
    try {
      this.loading = url;
      const r = await this.cdp('Page.navigate', { url: fromAppUrl(url) });
      if (r.errorText) {
        this.emit('did-fail-load', {}, -2, r.errorText, url, true);
        throw new Error(`${r.errorText} loading '${url}'`);
      }
      want = r.loaderId;
      if (want && !early.has(want)) await Promise.race([loaded.promise, once(this, 'destroyed')]);
    } finally {
      cdp.off(`${this.session_}:Page.lifecycleEvent`, seen);
    }
  }
  loadFile(file, o = {}) {
    const u = pathToFileURL(file);
    if (o.hash) u.hash = o.hash;
    for (const [k, v] of Object.entries(o.query ?? {})) u.searchParams.set(k, v);
    return this.loadURL(u.href);
  }
  getURL() {
    return this.url;
  }
  getTitle() {
    return this.title;
  }
  reload() {
    void this.cdp('Page.reload');
  }
  isDestroyed() {
    return this.destroyed;
  }
  isLoading() {
    return false;
  }
  setWindowOpenHandler(f) {
    this.openHandler = f;
  }
  async executeJavaScript(code) {
    const r = await this.cdp('Runtime.evaluate', { expression: code, awaitPromise: true, returnByValue: true, userGesture: true });
    if (r.exceptionDetails) throw new Error(r.exceptionDetails.exception?.description ?? r.exceptionDetails.text);
    return r.result.value;
  }
  async capturePage() {
    const { data } = await this.cdp('Page.captureScreenshot', { format: 'png' });
    const b = Buffer.from(data, 'base64');
    return { toPNG: () => b, isEmpty: () => b.length === 0, toDataURL: () => `data:image/png;base64,${data}` };
  }
  async printToPDF() {
    return Buffer.from((await this.cdp('Page.printToPDF', { printBackground: true })).data, 'base64');
  }
  openDevTools() {}
  closeDevTools() {}
  isDevToolsOpened() {
    return false;
  }
  setZoomFactor() {}
  focus() {}
  setAudioMuted() {}
  close() {
    void this.window?.__close();
  }
  async __closeTarget() {
    await this.__ready.catch(() => {});
    if (!this.destroyed) {
      const gone = once(this, 'destroyed');
      await cdp.send('Target.closeTarget', { targetId: this.targetId }).catch(() => this.__gone());
      await gone;
    }
  }
  __gone() {
    if (this.destroyed) return;
    this.destroyed = true;
    byTarget.delete(this.targetId);
    byId.delete(this.id);
    this.emit('destroyed');
    this.window?.__closed();
  }
  static fromId(id) {
    return byId.get(id);
  }
  static fromDevToolsTargetId(t) {
    return byTarget.get(t);
  }
  static getAllWebContents() {
    return [...byId.values()];
  }
  static getFocusedWebContents() {
    return BrowserWindow.getFocusedWindow()?.webContents ?? null;
  }
}
export const webContents = {
  fromId: WebContents.fromId,
  fromDevToolsTargetId: WebContents.fromDevToolsTargetId,
  getAllWebContents: WebContents.getAllWebContents,
  getFocusedWebContents: WebContents.getFocusedWebContents,
};

const windows = new Set();
export class BrowserWindow extends EventEmitter {
  constructor(o = {}) {
    super();
    if (!ready) throw new Error('Cannot create BrowserWindow before app is ready');
    this.id = nextId + 1;
    this.bounds = { x: 0, y: 0, width: o.width ?? 800, height: o.height ?? 600 };
    this.shown = o.show !== false;
    this.title = o.title ?? app.name;
    this.dead = false;
    this.webContents = new WebContents(o);
    this.webContents.window = this;
    windows.add(this);
    this.webContents.on('did-finish-load', () => {
      if (!this.painted) {
        this.painted = true;
        this.emit('ready-to-show', {});
      }
    });
    app.emit('web-contents-created', {}, this.webContents);
    app.emit('browser-window-created', {}, this);
  }
  loadURL(u) {
    return this.webContents.loadURL(u);
  }
  loadFile(f, o) {
    return this.webContents.loadFile(f, o);
  }
  show() {
    this.shown = true;
    this.emit('show', {});
  }
  hide() {
    this.shown = false;
    this.emit('hide', {});
  }
  isVisible() {
    return this.shown;
  }
  isDestroyed() {
    return this.dead;
  }
  isFocused() {
    return this.shown;
  }
  focus() {}
  blur() {}
  maximize() {}
  unmaximize() {}
  minimize() {}
  restore() {}
  isMaximized() {
    return false;
  }
  isMinimized() {
    return false;
  }
  isFullScreen() {
    return false;
  }
  setFullScreen() {}
  setMenu() {}
  setMenuBarVisibility() {}
  removeMenu() {}
  setProgressBar() {}
  setIcon() {}
  setTitle(t) {
    this.title = t;
  }
  getTitle() {
    return this.title;
  }
  getBounds() {
    return { ...this.bounds };
  }
  getSize() {
    return [this.bounds.width, this.bounds.height];
  }
  getContentSize() {
    return this.getSize();
  }
  getPosition() {
    return [this.bounds.x, this.bounds.y];
  }
  setBounds(b) {
    Object.assign(this.bounds, b);
    void this.#resize();
  }
  setSize(width, height) {
    this.setBounds({ width, height });
  }
  async #resize() {
    await this.webContents.__ready;
    const { windowId } = await cdp.send('Browser.getWindowForTarget', { targetId: this.webContents.targetId });
    await cdp.send('Browser.setWindowBounds', { windowId, bounds: { width: this.bounds.width, height: this.bounds.height } });
    this.emit('resize', {});
  }
  async capturePage() {
    return this.webContents.capturePage();
  }
  close() {
    void this.__close();
  }
  destroy() {
    void this.webContents.__closeTarget();
  }
  async __close() {
    if (this.dead) return true;
    const e = preventable();
    this.emit('close', e);
    if (e.defaultPrevented) return false;
    await this.webContents.__closeTarget();
    return true;
  }
  __closed() {
    if (this.dead) return;
    this.dead = true;
    windows.delete(this);
    this.emit('closed', {});
    if (windows.size === 0 && !quitting && !app.emit('window-all-closed')) app.quit();
  }
  static getAllWindows() {
    return [...windows];
  }
  static fromWebContents(w) {
    return w?.window ?? null;
  }
  static fromId(id) {
    return [...windows].find((w) => w.id === id) ?? null;
  }
  static getFocusedWindow() {
    return [...windows].at(-1) ?? null;
  }
}

// ---------------------------------------------------------------- the rest
const cancelled = (what, value) => async () => {
  console.error(`electron double: ${what} answered as cancelled; replace it in the test`);
  return value;
};
export const dialog = {
  showOpenDialog: cancelled('dialog.showOpenDialog', { canceled: true, filePaths: [] }),
  showSaveDialog: cancelled('dialog.showSaveDialog', { canceled: true, filePath: '' }),
  showMessageBox: cancelled('dialog.showMessageBox', { response: 0, checkboxChecked: false }),
  showErrorBox: (t, c) => console.error(`${t}: ${c}`),
  showOpenDialogSync: todo('dialog.showOpenDialogSync'),
  showSaveDialogSync: todo('dialog.showSaveDialogSync'),
  showMessageBoxSync: todo('dialog.showMessageBoxSync'),
};
const key = randomBytes(32);
export const safeStorage = {
  isEncryptionAvailable: () => ready,
  getSelectedStorageBackend: () => 'basic_text',
  encryptString: (s) => {
    const iv = randomBytes(12);
    const c = createCipheriv('aes-256-gcm', key, iv);
    return Buffer.concat([Buffer.from('v10'), iv, c.update(s, 'utf8'), c.final(), c.getAuthTag()]);
  },
  decryptString: (b) => {
    const d = createDecipheriv('aes-256-gcm', key, b.subarray(3, 15));
    d.setAuthTag(b.subarray(-16));
    return d.update(b.subarray(15, -16), undefined, 'utf8') + d.final('utf8');
  },
};
export class MenuItem {
  constructor(o) {
    Object.assign(this, { enabled: true, visible: true, checked: false, label: o.label ?? o.role ?? '', type: o.type ?? (o.submenu ? 'submenu' : 'normal') }, o);
    if (Array.isArray(o.submenu)) this.submenu = Menu.buildFromTemplate(o.submenu);
    this.click = () => o.click?.(this, BrowserWindow.getFocusedWindow() ?? undefined, {});
  }
}
let appMenu = null;
export class Menu extends EventEmitter {
  items = [];
  append(i) {
    this.items.push(i);
  }
  popup() {}
  closePopup() {}
  getMenuItemById(id) {
    for (const i of this.items) {
      if (i.id === id) return i;
      const d = i.submenu?.getMenuItemById(id);
      if (d) return d;
    }
    return null;
  }
  static buildFromTemplate(t) {
    const m = new Menu();
    for (const o of t) m.append(o instanceof MenuItem ? o : new MenuItem(o));
    return m;
  }
  static setApplicationMenu(m) {
    appMenu = m;
  }
  static getApplicationMenu() {
    return appMenu;
  }
}
export const shell = {
  opened: [],
  openExternal: async (u) => {
    shell.opened.push(u);
  },
  openPath: async (p) => {
    shell.opened.push(p);
    return '';
  },
  showItemInFolder: (p) => {
    shell.opened.push(p);
  },
  beep() {},
  trashItem: async () => {},
};
class Child extends EventEmitter {
  constructor(file, args, o) {
    super();
    this.p = fork(file, args, {
      execArgv: [...(o.execArgv ?? []), '--import', new URL('./register.mjs', import.meta.url).href, '--import', new URL('./utility.mjs', import.meta.url).href],
      serialization: 'advanced',
      env: o.env ?? process.env,
      stdio: ['ignore', o.stdio ?? 'inherit', o.stdio ?? 'inherit', 'ipc'],
    });
    this.p.on('spawn', () => this.emit('spawn'));
    this.p.on('message', (m) => this.emit('message', m));
    this.p.on('exit', (c) => this.emit('exit', c));
    this.stdout = this.p.stdout;
    this.stderr = this.p.stderr;
  }
  get pid() {
    return this.p.pid;
  }
  postMessage(m, ports) {
    if (ports?.length) todo('utilityProcess ports')();
    this.p.send(structuredClone(m));
  }
  kill() {
    return this.p.kill();
  }
}
export const utilityProcess = {
  fork: (file, args = [], o = {}) => {
    if (!ready) throw new Error('utilityProcess cannot be created before app is ready');
    return new Child(file, args, o);
  },
};
export const nativeTheme = Object.assign(new EventEmitter(), { themeSource: 'system', shouldUseDarkColors: false });
export const clipboard = {
  text: '',
  writeText: (t) => {
    clipboard.text = t;
  },
  readText: () => clipboard.text,
};
export const protocol = {
  registerSchemesAsPrivileged() {
    if (ready) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
  },
  handle: (scheme, handler) => {
    if (schemes.has(scheme)) throw new Error(`electron double: ${scheme} has a handler already`);
    schemes.set(scheme, handler);
  },
};
// Headless Chromium grants no permission by itself; the handlers are kept for tests to ask.
export const session = {
  defaultSession: {
    permissions: {},
    setPermissionRequestHandler(f) {
      this.permissions.request = f;
    },
    setPermissionCheckHandler(f) {
      this.permissions.check = f;
    },
    setDevicePermissionHandler(f) {
      this.permissions.device = f;
    },
    webRequest: {
      onBeforeRequest(f) {
        beforeRequest = f;
      },
    },
    protocol,
  },
};
export class Tray extends EventEmitter {
  static all = new Set();
  constructor(image) {
    super();
    this.image = image;
    Tray.all.add(this);
  }
  setToolTip(t) {
    this.toolTip = t;
  }
  setContextMenu(m) {
    this.menu = m;
  }
  destroy() {
    Tray.all.delete(this);
  }
}
export const nativeImage = { createFromPath: () => ({ isEmpty: () => true }), createEmpty: () => ({ isEmpty: () => true }) };
export class Notification extends EventEmitter {
  static isSupported() {
    return false;
  }
  show() {}
}
export const powerMonitor = new EventEmitter();
export const powerSaveBlocker = { start: () => 1, stop() {}, isStarted: () => false };
export const screen = Object.assign(new EventEmitter(), { getPrimaryDisplay: () => ({ workAreaSize: { width: 1920, height: 1080 }, scaleFactor: 1 }) });
export const autoUpdater = new EventEmitter();
export const crashReporter = { start() {} };
