/** The baseline's output on the case, model and repetition of a cell; null where it gave none; 'gone' where it was let go. */
export type Opponent = { readonly output: string } | null | 'gone'

type Place = { promise: Promise<Opponent>; resolve: (opponent: Opponent) => void }

/**
 * Outputs of baseline cells for `pairwise`, kept while their block is open. Whoever comes first makes the place: the cell
 * that waits or the baseline that answers. A block is opened whole, so its baseline cell is always under way, and baseline
 * cells wait for nobody: no circle of waiting can arise.
 */
export type Opponents = {
  settle(block: number, model: number, opponent: Opponent): void
  of(block: number, model: number): Promise<Opponent>
  forget(block: number): void
}

export const createOpponents = (): Opponents => {
  const blocks = new Map<number, Map<number, Place>>()
  const placeOf = (block: number, model: number): Place => {
    let places = blocks.get(block)
    if (places === undefined) {
      places = new Map()
      blocks.set(block, places)
    }
    let place = places.get(model)
    if (place === undefined) {
      place = Promise.withResolvers<Opponent>()
      places.set(model, place)
    }
    return place
  }
  return {
    settle: (block, model, opponent) => placeOf(block, model).resolve(opponent),
    of: (block, model) => placeOf(block, model).promise,
    forget: (block) => void blocks.delete(block),
  }
}
