const shape = /^[A-Za-z0-9_-]{43}$/
const place = 'prompt-lab-token'

/**
 * The browser host's key to this page. It comes in the fragment of the launch address, which no request and no referrer
 * carries, and leaves the address at once. It is kept for this tab only, so that a reload still opens the lab; it ends
 * with the host's process. Null: the page was opened without it.
 */
export const takeToken = (page: Window = window): string | null => {
  const given = new URLSearchParams(page.location.hash.slice(1)).get('token')
  if (given !== null && shape.test(given)) {
    page.history.replaceState(null, '', page.location.pathname + page.location.search)
    page.sessionStorage.setItem(place, given)
    return given
  }
  const kept = page.sessionStorage.getItem(place)
  return kept !== null && shape.test(kept) ? kept : null
}
