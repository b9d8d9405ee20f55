type HtmlPolicy = { readonly createHTML: (text: string) => string }
type Factory = { createPolicy(name: string, rules: HtmlPolicy): unknown }

/**
 * Under the doors' policy a text becomes markup only through the policy named `default`, which can be made once. This one
 * lets through what cannot hold an element, above all the rules that the component library puts into its
 * style elements, and refuses the rest. Call it before anything is drawn. Browsers without Trusted Types need nothing.
 */
export const installTrustedTypes = (): void => {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes
  factory?.createPolicy('default', { createHTML: plainTextOnly })
}

/** Throws TypeError for a text that a parser could make anything but text of. */
export const plainTextOnly = (text: string): string => {
  if (text.includes('<')) throw new TypeError('Markup from a text is not allowed here.')
  return text
}

/** For style elements that a library writes at run time; the host gives each load its own. */
export const styleNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
