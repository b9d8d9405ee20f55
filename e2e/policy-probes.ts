type Outcome = 'blocked' | 'passed'
type Probe = { readonly name: string; readonly run: (elsewhere: string) => Promise<Outcome> }

/**
 * Each tries, inside the page, something that hostile content would try, and says whether it got through. They run from a
 * timer, because the debugger's own evaluation may use eval where the page may not. Each function is sent as text: it uses
 * nothing outside itself.
 */
export const probes: readonly Probe[] = [
  {
    name: 'eval',
    run: () =>
      new Promise((resolve) =>
        setTimeout(() => {
          try {
            // oxlint-disable-next-line no-eval -- whether it is stopped is the question
            globalThis.eval('1')
            resolve('passed')
          } catch {
            resolve('blocked')
          }
        }),
      ),
  },
  {
    name: 'new Function',
    run: () =>
      new Promise((resolve) =>
        setTimeout(() => {
          try {
            new Function('return 1')()
            resolve('passed')
          } catch {
            resolve('blocked')
          }
        }),
      ),
  },
  {
    name: 'a timer with a text',
    run: () =>
      new Promise((resolve) => {
        setTimeout(() => {
          try {
            setTimeout('globalThis.probeTimer = true' as never)
          } catch {
            resolve('blocked')
          }
        })
        setTimeout(() => resolve('probeTimer' in globalThis ? 'passed' : 'blocked'), 100)
      }),
  },
  {
    name: 'an inline script',
    run: () =>
      new Promise((resolve) => {
        setTimeout(() => {
          try {
            const script = document.createElement('script')
            script.append(document.createTextNode('globalThis.probeInline = true'))
            document.head.append(script)
          } catch {
            resolve('blocked')
          }
        })
        setTimeout(() => resolve('probeInline' in globalThis ? 'passed' : 'blocked'), 100)
      }),
  },
  {
    name: 'a script from elsewhere',
    run: (elsewhere) =>
      new Promise((resolve) => {
        setTimeout(() => {
          try {
            const script = document.createElement('script')
            script.onload = () => resolve('passed')
            script.onerror = () => resolve('blocked')
            script.src = `${elsewhere}/script.js`
            document.head.append(script)
          } catch {
            resolve('blocked')
          }
        })
      }),
  },
  {
    name: 'an event handler in an attribute',
    run: () =>
      new Promise((resolve) => {
        setTimeout(() => {
          try {
            const button = document.createElement('button')
            button.setAttribute('onclick', 'globalThis.probeHandler = true')
            document.body.append(button)
            button.click()
            button.remove()
          } catch {
            resolve('blocked')
          }
        })
        setTimeout(() => resolve('probeHandler' in globalThis ? 'passed' : 'blocked'), 100)
      }),
  },
  {
    name: 'a javascript: link',
    run: () =>
      new Promise((resolve) => {
        const link = document.createElement('a')
        link.href = 'javascript:void(globalThis.probeLink = true)'
        document.body.append(link)
        link.click()
        link.remove()
        setTimeout(() => resolve('probeLink' in globalThis ? 'passed' : 'blocked'), 100)
      }),
  },
  {
    name: 'markup from a text',
    run: () =>
      new Promise((resolve) =>
        setTimeout(() => {
          const place = document.createElement('div')
          try {
            place.innerHTML = '<img src=x onerror="globalThis.probeMarkup = true">'
            resolve(place.childElementCount > 0 ? 'passed' : 'blocked')
          } catch {
            resolve('blocked')
          }
        }),
      ),
  },
  {
    name: 'a second default policy',
    run: () =>
      new Promise((resolve) => {
        try {
          const { trustedTypes } = globalThis as unknown as {
            trustedTypes: { createPolicy(name: string, rules: object): void }
          }
          trustedTypes.createPolicy('default', { createHTML: (text: string) => text })
          resolve('passed')
        } catch {
          resolve('blocked')
        }
      }),
  },
  {
    name: 'a policy of another name',
    run: () =>
      new Promise((resolve) => {
        try {
          const { trustedTypes } = globalThis as unknown as {
            trustedTypes: { createPolicy(name: string, rules: object): void }
          }
          trustedTypes.createPolicy('other', { createHTML: (text: string) => text })
          resolve('passed')
        } catch {
          resolve('blocked')
        }
      }),
  },
  {
    name: 'a style element without the nonce',
    run: () =>
      new Promise((resolve) => {
        const style = document.createElement('style')
        style.append(document.createTextNode('html { outline: 7px solid rgb(1, 2, 3) }'))
        document.head.append(style)
        setTimeout(
          () => resolve(getComputedStyle(document.documentElement).outlineWidth === '7px' ? 'passed' : 'blocked'),
          50,
        )
      }),
  },
  {
    name: 'a style attribute in markup',
    run: () =>
      new Promise((resolve) => {
        const place = document.createElement('div')
        place.setAttribute('style', 'width: 77px')
        document.body.append(place)
        setTimeout(() => {
          resolve(getComputedStyle(place).width === '77px' ? 'passed' : 'blocked')
          place.remove()
        }, 50)
      }),
  },
  {
    name: 'a style sheet from elsewhere',
    run: (elsewhere) =>
      new Promise((resolve) => {
        const link = document.createElement('link')
        link.rel = 'stylesheet'
        link.onload = () => resolve('passed')
        link.onerror = () => resolve('blocked')
        link.href = `${elsewhere}/style.css`
        document.head.append(link)
      }),
  },
  {
    name: 'an image from elsewhere',
    run: (elsewhere) =>
      new Promise((resolve) => {
        const image = new Image()
        image.onload = () => resolve('passed')
        image.onerror = () => resolve('blocked')
        image.src = `${elsewhere}/pixel.png?leak`
      }),
  },
  {
    name: 'a font from elsewhere',
    run: (elsewhere) =>
      new FontFace('probe', `url(${elsewhere}/font.woff2)`).load().then(
        () => 'passed' as const,
        () => 'blocked' as const,
      ),
  },
  {
    name: 'fetch elsewhere',
    run: (elsewhere) =>
      fetch(`${elsewhere}/fetch`, { mode: 'no-cors' }).then(
        () => 'passed' as const,
        () => 'blocked' as const,
      ),
  },
  {
    name: 'XMLHttpRequest elsewhere',
    run: (elsewhere) =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest()
        request.onload = () => resolve('passed')
        request.onerror = () => resolve('blocked')
        request.open('GET', `${elsewhere}/xhr`)
        request.send()
      }),
  },
  {
    name: 'a web socket elsewhere',
    run: (elsewhere) =>
      new Promise((resolve) => {
        try {
          const socket = new WebSocket(elsewhere.replace('http', 'ws'))
          socket.onopen = () => resolve('passed')
          socket.onerror = () => resolve('blocked')
        } catch {
          resolve('blocked')
        }
      }),
  },
  {
    name: 'an event source elsewhere',
    run: (elsewhere) =>
      new Promise((resolve) => {
        const source = new EventSource(`${elsewhere}/events`)
        source.onopen = () => resolve('passed')
        source.onerror = () => {
          source.close()
          resolve('blocked')
        }
      }),
  },
  {
    name: 'a beacon elsewhere',
    // Whether it arrives is the sink's to say: the browser answers true before it looks at the policy.
    run: async (elsewhere) => {
      navigator.sendBeacon(`${elsewhere}/beacon`, 'x')
      return 'blocked'
    },
  },
  {
    name: 'a frame from elsewhere',
    run: (elsewhere) =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.src = `${elsewhere}/frame`
        document.body.append(frame)
        // A refused frame loads an empty error page; whether it asked is the sink's to say.
        setTimeout(() => {
          frame.remove()
          resolve('blocked')
        }, 200)
      }),
  },
  {
    name: 'a form to elsewhere',
    run: (elsewhere) =>
      new Promise((resolve) => {
        const form = document.createElement('form')
        form.action = `${elsewhere}/form`
        form.method = 'post'
        document.body.append(form)
        form.submit()
        setTimeout(() => {
          form.remove()
          resolve('blocked')
        }, 200)
      }),
  },
  {
    name: 'a worker from a blob',
    run: () =>
      new Promise((resolve) => {
        try {
          const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])))
          worker.onmessage = () => resolve('passed')
          worker.onerror = () => resolve('blocked')
        } catch {
          resolve('blocked')
        }
      }),
  },
  {
    name: 'a base address',
    run: (elsewhere) =>
      new Promise((resolve) => {
        const base = document.createElement('base')
        base.href = `${elsewhere}/`
        document.head.append(base)
        setTimeout(() => {
          resolve(document.baseURI.startsWith(elsewhere) ? 'passed' : 'blocked')
          base.remove()
        }, 50)
      }),
  },
]
