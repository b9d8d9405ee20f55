import { contextBridge, ipcRenderer } from 'electron'
import type { DoorEvent, DoorMessage, DoorPush, LabDoor } from '../src-main/api/door.ts'

/**
 * The page gets two functions and no way to choose a channel. The host checks sender, origin and schema of every message;
 * what is copied here field by field can hold nothing else.
 */
const channel = 'lab'
const listeners = new Map<number, (event: DoorEvent) => void>()
let lastId = 0

ipcRenderer.on(channel, (_event, push: DoorPush) => {
  const listener = listeners.get(push.id)
  if (push.event.kind === 'end' || push.event.kind === 'error') listeners.delete(push.id)
  listener?.(push.event)
})

const tell = (message: DoorMessage): Promise<unknown> => ipcRenderer.invoke(channel, message)

const lab: LabDoor = {
  call: ({ type, path, input }) => tell({ kind: 'call', type, path, input }) as Promise<string>,
  subscribe: ({ path, input }, listener) => {
    const id = ++lastId
    listeners.set(id, listener)
    tell({ kind: 'subscribe', id, path, input }).catch((error: Error) => {
      if (listeners.delete(id)) {
        listener({ kind: 'error', error: JSON.stringify({ message: error.message, code: -32603, data: null }) })
      }
    })
    return () => {
      // A host that is gone has no subscription left to stop.
      if (listeners.delete(id)) tell({ kind: 'stop', id }).catch(() => undefined)
    }
  },
}

contextBridge.exposeInMainWorld('lab', Object.freeze(lab))
