import { randomBytes } from 'node:crypto'

/** Stands in the built index.html (Vite's `html.cspNonce`) where each load gets a nonce of its own. */
export const noncePlaceholder = 'PROMPT_LAB_NONCE'

export const createNonce = (): string => randomBytes(18).toString('base64')

/**
 * The one policy of both doors. Style elements need the nonce of this very load (the component library writes a few);
 * style *attributes* in markup stay forbidden: React sets styles through the object model, which no policy restricts.
 * Trusted Types: a text becomes markup only through the policy `default`, which the window makes once and which refuses
 * every text that could hold an element (src-renderer/client/trusted-types.ts).
 */
export const contentSecurityPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'none'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ')

/** Headers of everything that a door serves, whatever it is. No Access-Control header: no other origin may read a byte. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), serial=(), hid=()',
}
