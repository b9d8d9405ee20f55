import type { ExperimentSnapshot } from '../domain/experiment.ts'
import { type CellId, cellId, type ExperimentId } from '../domain/ids.ts'
import { isLocal, type ModelReference } from '../domain/model.ts'
import { integerBelow, type Random, shuffled } from '../ports/random.ts'
import type { CellKey } from '../ports/store.ts'

/** What the matrix reads of a snapshot. */
export type MatrixSpec = Pick<ExperimentSnapshot, 'variants' | 'cases' | 'models' | 'repetitions' | 'interleaveModels'>

/** A cell by positions in the snapshot's lists; `repetition` counts from 1. */
export type DealtCell = {
  readonly variant: number
  readonly model: number
  readonly case: number
  readonly repetition: number
  readonly block: number
}

export type BlockSpan = { readonly block: number; readonly first: number; readonly size: number }

/**
 * All cells of an experiment in the order they are dealt. Cells are computed when asked for: half a million of them
 * cost two million bytes, not half a million objects.
 */
export type Deal = {
  readonly cells: number
  readonly blocks: number
  cell(index: number): DealtCell
  /** The running numbers of a block's cells are adjacent. */
  block(block: number): BlockSpan
  blockOf(index: number): number
}

/**
 * Models that share a block. Remote models interleave; a local model is resident alone, so it has blocks of its own, and
 * all of them come before the next local model's, unless the lab gives that up.
 */
const modelGroups = (models: readonly ModelReference[], interleave: boolean): readonly (readonly number[])[] => {
  const columns = models.flatMap((model, index) => (model.experiment ? [index] : []))
  if (interleave) return columns.length > 0 ? [columns] : []
  const isLocalColumn = (index: number): boolean => {
    const model = models[index]
    return model !== undefined && isLocal(model)
  }
  const remote = columns.filter((index) => !isLocalColumn(index))
  const local = columns.filter(isLocalColumn).map((index) => [index])
  return remote.length > 0 ? [remote, ...local] : local
}

/** Fisher-Yates on a typed array, with the same draws as `shuffled`. */
const shuffledNumbers = (random: Random, stream: string, count: number): Int32Array => {
  const order = new Int32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  for (let i = count - 1; i > 0; i--) {
    const j = integerBelow(random, stream, count - 1 - i, i + 1)
    const held = order[i] as number
    order[i] = order[j] as number
    order[j] = held
  }
  return order
}

/**
 * Deals cells in randomised complete blocks: a block is one case x repetition with every variant (and every model of its
 * group), so that what is compared is close in time. Blocks are in random order, and so are the cells within a block.
 * Pure in (spec, seed): a resumed run deals the same cells. (Statistics, section 1: "variant confounded with time".)
 */
export const dealCells = (spec: MatrixSpec, random: Random): Deal => {
  const perGroup = spec.cases.length * spec.repetitions
  let first = 0
  let firstBlock = 0
  const groups = modelGroups(spec.models, spec.interleaveModels).map((models, number) => {
    const pairs = models.flatMap((model) => spec.variants.map((_, variant) => ({ model, variant })))
    const group = { number, pairs, first, firstBlock, order: shuffledNumbers(random, `blocks:${number}`, perGroup) }
    first += perGroup * pairs.length
    firstBlock += perGroup
    return group
  })
  type Group = (typeof groups)[number]

  let lastBlock = -1
  let lastPairs: Group['pairs'] = []
  const pairsOf = (group: Group, block: number): Group['pairs'] => {
    if (block !== lastBlock) {
      const size = group.pairs.length
      lastPairs = shuffled(random, `within:${group.number}`, group.pairs, (block - group.firstBlock) * size)
      lastBlock = block
    }
    return lastPairs
  }
  const groupOfCell = (index: number): Group => {
    const group = groups.findLast((candidate) => candidate.first <= index)
    if (group === undefined || index >= first) throw new RangeError(`the experiment has no cell ${index}`)
    return group
  }
  const groupOfBlock = (block: number): Group => {
    const group = groups.findLast((candidate) => candidate.firstBlock <= block)
    if (group === undefined || block >= firstBlock) throw new RangeError(`the experiment has no block ${block}`)
    return group
  }
  const blockIn = (group: Group, index: number): number =>
    group.firstBlock + Math.floor((index - group.first) / group.pairs.length)

  return {
    cells: first,
    blocks: firstBlock,
    blockOf: (index) => blockIn(groupOfCell(index), index),
    block(block) {
      const group = groupOfBlock(block)
      const size = group.pairs.length
      return { block, first: group.first + (block - group.firstBlock) * size, size }
    },
    cell(index) {
      const group = groupOfCell(index)
      const block = blockIn(group, index)
      const place = group.order[block - group.firstBlock] as number
      const pair = pairsOf(group, block)[(index - group.first) % group.pairs.length] as Group['pairs'][number]
      return {
        ...pair,
        case: Math.floor(place / spec.repetitions),
        repetition: (place % spec.repetitions) + 1,
        block,
      }
    },
  }
}

/** The cells as the store wants them. */
export const cellKeys = (spec: MatrixSpec, deal: Deal): CellKey[] => {
  const keys: CellKey[] = []
  for (let index = 0; index < deal.cells; index++) {
    const cell = deal.cell(index)
    keys.push({
      variant: spec.variants[cell.variant]?.name ?? '',
      model: spec.models[cell.model]?.id ?? '',
      case: spec.cases[cell.case]?.id ?? '',
      repetition: cell.repetition,
      block: cell.block,
    })
  }
  return keys
}

export const cellIdOf = (experiment: ExperimentId, index: number): CellId => cellId(`${experiment}:${index}`)
export const cellNumberOf = (cell: CellId): number => Number(cell.slice(cell.lastIndexOf(':') + 1))
