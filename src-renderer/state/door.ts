import { createContext, useContext } from 'react'
import type { Door } from '../client/client.ts'

const DoorContext = createContext<Door>('browser')
export const DoorProvider = DoorContext.Provider

/** Which door this window stands behind: only the desktop may name files of this machine. */
export const useDoor = (): Door => useContext(DoorContext)
