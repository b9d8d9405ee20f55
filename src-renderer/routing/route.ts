import { useCallback, useSyncExternalStore } from 'react'

/** A place in the app: `#/p/3/results/r7?mode=failures`. The whole state of a view stands in it, so it can be shared. */
export type Location = { readonly path: string; readonly query: URLSearchParams }
export type Params = Readonly<Record<string, string>>

/** Anything but `#/...` (such as the door's token) is not a place of ours and reads as the start. */
export const parseHash = (hash: string): Location => {
  const text = hash.startsWith('#/') ? hash.slice(1) : '/'
  const cut = text.indexOf('?')
  return cut === -1
    ? { path: text, query: new URLSearchParams() }
    : { path: text.slice(0, cut) || '/', query: new URLSearchParams(text.slice(cut + 1)) }
}

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch (error) {
    // A person may type any address; what is no escape sequence is meant literally.
    if (error instanceof URIError) return segment
    throw error
  }
}

/** Parameters of `path` in `pattern`, or null where it does not match. */
export const matchPath = (pattern: string, path: string): Params | null => {
  const wanted = pattern.split('/').filter(Boolean)
  const given = path.split('/').filter(Boolean)
  if (given.length > wanted.length) return null
  const params: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const value = given[index]
    if (!segment.startsWith(':')) {
      if (segment !== value) return null
      continue
    }
    const optional = segment.endsWith('?')
    if (value === undefined) {
      if (optional) continue
      return null
    }
    params[segment.slice(1, optional ? -1 : undefined)] = decode(value)
  }
  return params
}

/** The path of a pattern; null where a needed parameter is missing. */
export const buildPath = (pattern: string, params: Params): string | null => {
  const segments: string[] = []
  for (const segment of pattern.split('/').filter(Boolean)) {
    if (!segment.startsWith(':')) {
      segments.push(segment)
      continue
    }
    const optional = segment.endsWith('?')
    const value = params[segment.slice(1, optional ? -1 : undefined)]
    if (value === undefined) {
      if (optional) break
      return null
    }
    segments.push(encodeURIComponent(value))
  }
  return `/${segments.join('/')}`
}

const listeners = new Set<() => void>()
const notify = (): void => {
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void): (() => void) => {
  if (listeners.size === 0) window.addEventListener('hashchange', notify)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) window.removeEventListener('hashchange', notify)
  }
}

let parsed: { readonly hash: string; readonly location: Location } | null = null
export const currentLocation = (): Location => {
  const { hash } = window.location
  if (parsed?.hash !== hash) parsed = { hash, location: parseHash(hash) }
  return parsed.location
}

/** Goes to a path (with its query). `replace` leaves no step in the window's history: for view state, not for places. */
export const navigate = (to: string, options: { readonly replace?: boolean } = {}): void => {
  const target = `#${to}`
  if (window.location.hash === target) return
  if (options.replace === true) {
    window.history.replaceState(null, '', target)
    notify()
  } else window.location.hash = target
}

export const useLocation = (): Location => useSyncExternalStore(subscribe, currentLocation)

/** One value of the view's state, kept in the URL. Null or the fallback takes it out again. */
export const useQueryParam = <T extends string = string>(
  name: string,
  fallback: NoInfer<T>,
): readonly [T, (value: T) => void] => {
  const location = useLocation()
  const value = (location.query.get(name) ?? fallback) as T
  const set = useCallback(
    (next: T) => {
      const now = currentLocation()
      const query = new URLSearchParams(now.query)
      if (next === fallback) query.delete(name)
      else query.set(name, next)
      const text = query.toString()
      navigate(text === '' ? now.path : `${now.path}?${text}`, { replace: true })
    },
    [name, fallback],
  )
  return [value, set]
}
