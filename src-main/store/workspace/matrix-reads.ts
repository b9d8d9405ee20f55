import { LabError } from '../../../src-core/domain/errors.ts'
import { experimentId } from '../../../src-core/domain/ids.ts'
import type { JsonValue } from '../../../src-core/domain/json.ts'
import type { CompareQuery, MatrixQuery } from '../../workspace/app-host.ts'
import {
  type CompareKind,
  type CompareRow,
  type CompareWindow,
  compareKinds,
  type HeatMap,
  type MatrixCell,
  type MatrixColumn,
  type MatrixMode,
  type MatrixRow,
  type MatrixWindow,
  matrixModes,
} from '../../workspace/experiment-types.ts'
import type { Db } from '../database.ts'
import type { RunTable, RunTables, TableCell } from './run-table.ts'

type Page = { readonly offset: number; readonly limit: number }
type CellRow = {
  readonly n: number
  readonly prompt: number
  readonly model: number
  readonly repetition: number
  readonly passed: number | null
  readonly score: number | null
  readonly failure_code: string | null
  readonly cost_usd: number | null
  readonly latency_ms: number | null
  readonly excerpt: string | null
}

const mostTiles = 4_800
const keptLists = 8
const bins = 10
/** Scores are sums of doubles; a difference below this is none. */
const tie = 1e-9

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
const known = (values: readonly (number | null)[]): readonly number[] => values.filter((value) => value !== null)

export const matrixReads = (db: Db, tableOf: RunTables) => {
  const cellsOf = db.prepare<[number, number], CellRow>(
    `SELECT c.n, c.prompt, c.model, c.repetition, e.passed, e.score, e.failure_code, e.cost_usd, r.latency_ms, substr(r.output, 1, 200) AS excerpt
     FROM cells c LEFT JOIN prompt_executions e ON e.experiment = c.experiment AND e.cell = c.n
     LEFT JOIN responses r ON r.id = e.response WHERE c.experiment = ? AND c.test_case = ? ORDER BY c.repetition`,
  )
  const contentOf = db.prepare<[number], string>('SELECT content FROM test_cases WHERE id = ?').pluck()
  const matching = (
    experiment: number,
    text: string | undefined,
    tag: string | undefined,
  ): ReadonlySet<number> | null => {
    if ((text === undefined || text === '') && tag === undefined) return null
    return new Set(
      db
        .prepare<unknown[], number>(
          `SELECT e.position FROM experiment_cases e JOIN test_cases t ON t.id = e.test_case WHERE e.experiment = ?
             AND (? IS NULL OR instr(lab_lower(t.content), ?) > 0)
             AND (? IS NULL OR EXISTS (SELECT 1 FROM json_each(t.content, '$.tags') WHERE value = ?))`,
        )
        .pluck()
        .all(experiment, text ?? null, (text ?? '').toLowerCase(), tag ?? null, tag ?? null),
    )
  }
  const lists = new Map<
    string,
    { readonly positions: readonly number[]; readonly counts: Readonly<Record<string, number>> }
  >()
  const remembered = <
    T extends { readonly positions: readonly number[]; readonly counts: Readonly<Record<string, number>> },
  >(
    key: string,
    make: () => T,
  ) => {
    const found = lists.get(key)
    if (found !== undefined) return found
    const made = make()
    const oldest = lists.size >= keptLists ? lists.keys().next().value : undefined
    if (oldest !== undefined) lists.delete(oldest)
    lists.set(key, made)
    return made
  }

  const modesOf = (
    row: readonly TableCell[],
    baselineOf: readonly (number | null)[],
  ): Readonly<Record<MatrixMode, boolean>> => {
    const done = row.filter(({ recorded }) => recorded > 0)
    const outputs = new Set(done.flatMap(({ output }) => (output === null ? [] : [output])))
    return {
      all: true,
      failures: done.some(({ recorded, passed }) => passed < recorded),
      passes: done.length > 0 && done.every(({ recorded, passed }) => passed === recorded),
      errors: done.some(({ failed }) => failed > 0),
      different: outputs.size > 1,
      flaky: done.some(({ recorded, passed }) => passed > 0 && passed < recorded),
      regressed: row.some(({ score }, column) => {
        const base = baselineOf[column]
        const own = base === null || base === undefined ? null : (row[base]?.score ?? null)
        return score !== null && own !== null && base !== column && score < own - tie
      }),
    }
  }
  const cached = new Map<string, readonly MatrixColumn[]>()
  const columnsOf = (uid: string, table: RunTable): readonly MatrixColumn[] => {
    const key = `${uid} ${table.revision}`
    const ready = cached.get(key)
    if (ready !== undefined) return ready
    const made = table.columns.map(({ variant, version, model }, column): MatrixColumn => {
      const histogram = Array.from({ length: bins }, () => 0)
      let recorded = 0
      let passed = 0
      let failed = 0
      let scores = 0
      for (let position = 0; position < table.cases.length; position++) {
        const cell = table.at(position, column)
        if (cell.score === null) continue
        recorded += cell.recorded
        passed += cell.passed
        failed += cell.failed
        scores += cell.score * cell.recorded
        const bin = Math.min(bins - 1, Math.max(0, Math.floor(cell.score * bins)))
        histogram[bin] = (histogram[bin] ?? 0) + 1
      }
      return {
        variant,
        version,
        model,
        recorded,
        passed,
        failed,
        mean: recorded === 0 ? null : scores / recorded,
        histogram,
      }
    })
    cached.clear()
    cached.set(key, made)
    return made
  }
  const labelOf = (row: number): { readonly label: string } => {
    const content = JSON.parse(contentOf.get(row) ?? '{}') as { readonly inputs?: Readonly<Record<string, JsonValue>> }
    const [first] = Object.values(content.inputs ?? {})
    return {
      label: (typeof first === 'string' ? first : first === undefined ? '' : JSON.stringify(first)).slice(0, 200),
    }
  }
  const rowsOf = (table: RunTable, position: number): readonly (readonly CellRow[])[] => {
    const rows = cellsOf.all(table.experiment, table.cases[position]?.row ?? 0)
    return table.columns.map(({ prompt, modelRow }) =>
      rows.filter((row) => row.prompt === prompt && row.model === modelRow),
    )
  }
  const effective = (
    table: RunTable,
    row: CellRow,
  ): { readonly score: number | null; readonly passed: boolean | null } => {
    const rating = table.annotations.get(row.n)?.passed ?? null
    if (row.score === null) return { score: null, passed: null }
    return rating === null ? { score: row.score, passed: row.passed === 1 } : { score: rating, passed: rating === 1 }
  }
  const toCell = (table: RunTable, rows: readonly CellRow[]): MatrixCell => {
    const done = rows.filter(({ score }) => score !== null)
    const marks = rows.flatMap(({ n }) => table.annotations.get(n) ?? [])
    const values = done.map((row) => effective(table, row))
    return {
      cell: rows[0]?.n ?? 0,
      score: mean(known(values.map(({ score }) => score))),
      total: rows.length,
      recorded: done.length,
      passed: values.filter(({ passed }) => passed === true).length,
      failed: done.filter(({ failure_code }) => failure_code !== null).length,
      latencyMs: mean(known(done.map(({ latency_ms }) => latency_ms))),
      costUsd:
        done.length === 0 || done.some(({ cost_usd }) => cost_usd === null)
          ? null
          : done.reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0),
      excerpt: done[0]?.excerpt ?? '',
      rated: marks.some(({ passed }) => passed !== null),
      excluded: marks.some(({ excluded }) => excluded !== null),
      comments: marks.filter(({ comment }) => comment !== null).length,
    }
  }

  const columnIndex = (
    table: RunTable,
    { variant, model }: { readonly variant: string; readonly model: string },
  ): number => {
    const index = table.columns.findIndex((each) => each.variant === variant && each.model === model)
    if (index === -1) throw new LabError('not-found', `The run has no column ${variant} on ${model}.`)
    return index
  }

  return {
    matrix: (query: MatrixQuery, { offset, limit }: Page, registeredBaseline: string): MatrixWindow => {
      const table = tableOf(experimentId(query.experiment))
      const baseline = query.baseline ?? registeredBaseline
      const baselineOf = table.columns.map(({ model }) => {
        const index = table.columns.findIndex((each) => each.variant === baseline && each.model === model)
        return index === -1 ? null : index
      })
      const { positions, counts } = remembered(JSON.stringify([query, baseline, table.revision]), () => {
        const keep = matching(table.experiment, query.text, query.tag)
        const found: number[] = []
        const sums = Object.fromEntries(matrixModes.map((mode) => [mode, 0])) as Record<MatrixMode, number>
        for (let position = 0; position < table.cases.length; position++) {
          if (keep !== null && !keep.has(position)) continue
          const modes = modesOf(
            table.columns.map((_, column) => table.at(position, column)),
            baselineOf,
          )
          for (const mode of matrixModes) if (modes[mode]) sums[mode] += 1
          if (modes[query.mode]) found.push(position)
        }
        if (query.sort !== undefined) {
          const column = columnIndex(table, query.sort.column)
          const sign = query.sort.direction === 'ascending' ? 1 : -1
          const scores = new Map(found.map((position) => [position, table.at(position, column).score]))
          found.sort((a, b) => {
            const [left, right] = [scores.get(a) ?? null, scores.get(b) ?? null]
            if (left === null || right === null) return (left === null ? 1 : 0) - (right === null ? 1 : 0) || a - b
            return sign * (left - right) || a - b
          })
        }
        return { positions: found, counts: sums }
      })
      const rows = positions.slice(offset, offset + limit).map((position, index): MatrixRow => {
        const { row = 0, key = '' } = table.cases[position] ?? {}
        return {
          index: offset + index,
          position,
          case: key,
          ...labelOf(row),
          cells: rowsOf(table, position).map((cells) => toCell(table, cells)),
        }
      })
      return {
        columns: columnsOf(query.experiment, table),
        rows,
        total: positions.length,
        all: table.cases.length,
        counts: counts as Readonly<Record<MatrixMode, number>>,
        revision: table.revision,
      }
    },

    compare: (query: CompareQuery, { offset, limit }: Page): CompareWindow => {
      const table = tableOf(experimentId(query.experiment))
      const [from, to] = [columnIndex(table, query.baseline), columnIndex(table, query.candidate)]
      const excludedRows = new Set<number>()
      const kindOf = (position: number): Exclude<CompareKind, 'all'> => {
        if (excludedRows.has(position)) return 'excluded'
        const [a, b] = [table.at(position, from), table.at(position, to)]
        if (a.score === null || b.score === null || a.failed === a.recorded || b.failed === b.recorded) return 'missing'
        if (Math.abs(b.score - a.score) <= tie) return 'tie'
        return b.score < a.score ? 'regression' : 'improvement'
      }
      if ([...table.annotations.values()].some(({ excluded }) => excluded !== null)) {
        const place = new Map(table.cases.map(({ row }, index) => [row, index]))
        const caseOf = db.prepare<[number, number], { test_case: number; prompt: number; model: number }>(
          'SELECT test_case, prompt, model FROM cells WHERE experiment = ? AND n = ?',
        )
        for (const { cell, excluded } of table.annotations.values()) {
          const found = excluded === null ? undefined : caseOf.get(table.experiment, cell)
          const side =
            found === undefined
              ? -1
              : table.columns.findIndex(({ prompt, modelRow }) => prompt === found.prompt && modelRow === found.model)
          if (found !== undefined && (side === from || side === to)) excludedRows.add(place.get(found.test_case) ?? -1)
        }
      }
      const { positions, counts } = remembered(JSON.stringify(['compare', query, table.revision]), () => {
        const keep = matching(table.experiment, query.text, undefined)
        const groups = Object.fromEntries(compareKinds.map((kind) => [kind, [] as number[]])) as Record<
          CompareKind,
          number[]
        >
        for (let position = 0; position < table.cases.length; position++) {
          if (keep !== null && !keep.has(position)) continue
          groups.all.push(position)
          groups[kindOf(position)].push(position)
        }
        return {
          positions: groups[query.kind],
          counts: Object.fromEntries(compareKinds.map((kind) => [kind, groups[kind].length])),
        }
      })
      const side = (cells: readonly CellRow[] | undefined, { score, passed, recorded }: TableCell) => ({
        cell: cells?.[0]?.n ?? 0,
        score,
        passed: recorded === 0 ? null : passed === recorded,
        output: cells?.find((cell) => cell.excerpt !== null)?.excerpt ?? null,
      })
      const rows = positions.slice(offset, offset + limit).map((position, index): CompareRow => {
        const cells = rowsOf(table, position)
        const [a, b] = [table.at(position, from), table.at(position, to)]
        const { row = 0, key = '' } = table.cases[position] ?? {}
        return {
          index: offset + index,
          position,
          case: key,
          ...labelOf(row),
          kind: kindOf(position),
          baseline: side(cells[from], a),
          candidate: side(cells[to], b),
          difference: a.score === null || b.score === null ? null : b.score - a.score,
        }
      })
      return { rows, total: positions.length, counts: counts as Readonly<Record<CompareKind, number>> }
    },

    heat: (uid: string): HeatMap => {
      const table = tableOf(experimentId(uid))
      const width = table.columns.length
      const casesPerRow = Math.max(1, Math.ceil((table.cases.length * width) / mostTiles))
      const rows = Math.ceil(table.cases.length / casesPerRow)
      const tiles = Array.from({ length: rows * width * 4 }, () => 0)
      for (let position = 0; position < table.cases.length; position++) {
        for (let column = 0; column < width; column++) {
          const { recorded, passed, failed } = table.at(position, column)
          const at = (Math.floor(position / casesPerRow) * width + column) * 4
          tiles[at] = (tiles[at] ?? 0) + table.repetitions
          tiles[at + 1] = (tiles[at + 1] ?? 0) + passed
          tiles[at + 2] = (tiles[at + 2] ?? 0) + Math.max(0, recorded - passed - failed)
          tiles[at + 3] = (tiles[at + 3] ?? 0) + failed
        }
      }
      return { columns: table.columns.map(({ variant, model }) => ({ variant, model })), rows, casesPerRow, tiles }
    },

    /** Number, mean and sum of squared deviations of the cases' scores by column: where a resumed run's interim quality goes on. */
    columnMoments: (uid: string): readonly { readonly n: number; readonly mean: number; readonly m2: number }[] => {
      const table = tableOf(experimentId(uid))
      return table.columns.map((_, column) => {
        let n = 0
        let average = 0
        let m2 = 0
        for (let position = 0; position < table.cases.length; position++) {
          const { score } = table.at(position, column)
          if (score === null) continue
          n += 1
          const delta = score - average
          average += delta / n
          m2 += delta * (score - average)
        }
        return { n, mean: average, m2 }
      })
    },

    ratings: (uid: string) => {
      const { annotations } = tableOf(experimentId(uid))
      const all = [...annotations.values()]
      const reasons = new Map<string, number>()
      for (const { excluded } of all) if (excluded !== null) reasons.set(excluded, (reasons.get(excluded) ?? 0) + 1)
      return {
        rated: all.filter(({ passed }) => passed !== null).length,
        excluded: all.filter(({ excluded }) => excluded !== null).length,
        comments: all.filter(({ comment }) => comment !== null).length,
        reasons: [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count),
      }
    },
    annotations: (uid: string) =>
      [...tableOf(experimentId(uid)).annotations.values()].map(({ cell, at, passed, excluded, comment }) => ({
        cell,
        at: new Date(at).toISOString(),
        rating: passed === null ? null : { passed: passed === 1, score: passed },
        excluded,
        comment,
      })),
  }
}
