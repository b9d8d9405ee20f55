/** Identifiers are strings at run time and distinct types at compile time, so that one cannot stand in for another. */
declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type ExperimentId = Branded<'ExperimentId'>
/** `<experiment>:<running number>`; a cell is one variant x model x test case x repetition. */
export type CellId = Branded<'CellId'>
/** One wanted model answer. */
export type CallId = Branded<'CallId'>
/** Lower-case hexadecimal SHA-256 of canonical JSON or of bytes. */
export type ContentHash = Branded<'ContentHash'>

export const experimentId = (text: string): ExperimentId => text as ExperimentId
export const cellId = (text: string): CellId => text as CellId
export const callId = (text: string): CallId => text as CallId
export const contentHash = (text: string): ContentHash => text as ContentHash
