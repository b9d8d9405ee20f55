/** jStat ships no types; only what `distributions.ts` uses is declared. */
declare module 'jstat' {
  const jstat: {
    readonly jStat: { readonly tukey: { inv(p: number, means: number, df: number): number } }
  }
  export default jstat
}
