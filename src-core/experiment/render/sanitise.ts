/**
 * Text from models, files and servers is data: it must not move a terminal's cursor, recolour it, set its title or write to
 * its clipboard. Removes C0 and C1 control characters except newline and tab, DEL, and the marks that reverse the reading
 * direction. CRLF becomes a newline; the visible rest of an escape sequence stays, so that nothing is hidden.
 */
export const forTerminal = (text: string): string =>
  text.replace(/\r\n/g, '\n').replace(/(?![\n\t])\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')

/** The same on one line: breaks and tabs become spaces. */
export const onOneLine = (text: string): string => forTerminal(text).replace(/[\n\t\u2028\u2029]+/g, ' ')

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Characters that XML 1.0 cannot hold, not even escaped, become U+FFFD: the C0 controls but tab and line ends, lone
 * surrogates, U+FFFE and U+FFFF (XML 1.0, production 2).
 */
const legalXml = (text: string): string =>
  text.toWellFormed().replace(/(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]/gu, '\ufffd')

/** Safe as text and inside a quoted attribute, in XML and in HTML. C1 controls and DEL are dropped. */
export const escapeMarkup = (text: string): string =>
  legalXml(text)
    .replace(/[\u007f-\u009f]/g, '')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character)
