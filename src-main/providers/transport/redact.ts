const maximumLength = 300

/** The forms in which a server, a proxy or a log may echo a key. */
const encodings = (key: string): readonly string[] => {
  const bytes = Buffer.from(key, 'utf8')
  const plain = [key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1), bytes.toString('hex')]
  const based = [bytes.toString('base64'), bytes.toString('base64url')]
  return [...new Set([...plain, ...based, based[0]?.replace(/=+$/, '') ?? '', [...key].reverse().join('')])]
}

/** What looks like a key of a known provider, also one that is not ours, and also partly masked by the server. */
const looksLikeKey = /\b(?:sk|pk|gsk|xai|key|AIza)[-_A-Za-z0-9]*[-_*A-Za-z0-9]{12,}|\bBearer\s+\S{8,}/g

// oxlint-disable-next-line no-control-regex -- control characters are what must go
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g

/**
 * A server's own words, safe to store and to show: no key in any encoding, no control or bidirectional characters, one
 * line, at most 300 characters. Error bodies are untrusted text.
 */
export const redact = (text: string, key: string | null): string => {
  let clean = text.slice(0, 64_000)
  if (key !== null && key.length >= 4) for (const form of encodings(key)) clean = replaceAnyCase(clean, form)
  clean = clean.replace(looksLikeKey, '[key]').replace(controlCharacters, ' ').replace(/ {2,}/g, ' ').trim()
  return clean.length <= maximumLength ? clean : `${clean.slice(0, maximumLength)}…`
}

const replaceAnyCase = (text: string, form: string): string =>
  text.replace(new RegExp(form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi'), '[key]')
