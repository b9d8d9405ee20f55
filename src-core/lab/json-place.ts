const token = /\s*(?:([{}[\],:])|("(?:[ !#-[\]-\uffff]|\\.)*")|(-?\d[\d.eE+-]*|true|false|null))/y

type Expecting = 'value' | 'key' | 'colon' | 'next' | 'value-or-end' | 'key-or-end'

/** What may follow a token, or null where it may not stand there. `stack` holds the open brackets. */
const follow = (found: string, expecting: Expecting, stack: string[]): Expecting | null => {
  if (found === '}' || found === ']') {
    const opener = found === '}' ? '{' : '['
    const empty = expecting === (opener === '{' ? 'key-or-end' : 'value-or-end')
    if (stack.at(-1) !== opener || !(empty || expecting === 'next')) return null
    stack.pop()
    return 'next'
  }
  if (found === ':') return expecting === 'colon' ? 'value' : null
  if (found === ',') {
    if (expecting !== 'next' || stack.length === 0) return null
    return stack.at(-1) === '{' ? 'key' : 'value'
  }
  if (expecting === 'key' || expecting === 'key-or-end') return found.startsWith('"') ? 'colon' : null
  if (expecting !== 'value' && expecting !== 'value-or-end') return null
  if (found !== '{' && found !== '[') return 'next'
  stack.push(found)
  return found === '{' ? 'key-or-end' : 'value-or-end'
}

/**
 * Line and column (from 1) of the first token that makes a text no JSON. Engines tell the place of some errors only, so
 * it is found anew, for texts that JSON.parse has refused.
 */
export const jsonErrorPlace = (text: string): { readonly line: number; readonly column: number } => {
  const stack: string[] = []
  let expecting: Expecting | null = 'value'
  let at = 0
  while (at < text.length) {
    token.lastIndex = at
    const match = token.exec(text)
    const found = match?.[1] ?? match?.[2] ?? match?.[3]
    if (match === null || found === undefined) break
    expecting = follow(found, expecting, stack)
    if (expecting === null) {
      at = token.lastIndex - found.length
      break
    }
    at = token.lastIndex
  }
  while (/\s/.test(text[at] ?? '')) at += 1
  const before = text.slice(0, at)
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') }
}
