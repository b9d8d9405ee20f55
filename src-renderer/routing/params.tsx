import { createContext, useContext } from 'react'
import type { Params } from './route.ts'

const ParamsContext = createContext<Params>({})
export const ParamsProvider = ParamsContext.Provider

/** Parameters of the screen's path, decoded. */
export const useParams = (): Params => useContext(ParamsContext)
