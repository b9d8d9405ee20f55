import { hostname } from 'node:os'
import { LabError } from '../../../src-core/domain/errors.ts'
import type { ExperimentSnapshot, ExperimentStatus } from '../../../src-core/domain/experiment.ts'
import type { ExperimentId } from '../../../src-core/domain/ids.ts'
import type { CellKey, NewExperiment } from '../../../src-core/ports/store.ts'
import { sha256, toMs } from '../keys.ts'
import { isLive, type LeaseRow } from '../lease.ts'
import { packSnapshot } from '../snapshot-text.ts'
import type { WriteContext } from './context.ts'

type VariantRowOf = (project: number, variant: ExperimentSnapshot['variants'][number]) => number

const rowOf = (rows: ReadonlyMap<string, number>, kind: string, name: string): number => {
  const row = rows.get(name)
  if (row === undefined)
    throw new LabError('internal', `A cell names the ${kind} "${name}", which the snapshot does not hold.`)
  return row
}

export const experimentWrites = ({ db, directory, now }: WriteContext, variantRow: VariantRowOf) => {
  const findModel = db.prepare<[Buffer], { id: number }>('SELECT id FROM models WHERE hash = ?')
  const addModel = db.prepare('INSERT INTO models (hash, alias, provider, model, reference) VALUES (?, ?, ?, ?, ?)')
  const findCase = db.prepare<[number, Buffer], { id: number }>(
    'SELECT id FROM test_cases WHERE project = ? AND hash = ?',
  )
  const addCase = db.prepare('INSERT INTO test_cases (project, hash, case_key, content) VALUES (?, ?, ?, ?)')
  const addExperiment = db.prepare(
    `INSERT INTO experiments (uid, project, status, started_at, cells, lease_owner, lease_until, lease_pid, lease_host)
     VALUES (?, ?, 'running', ?, ?, ?, ?, ?, ?)`,
  )
  const exists = db.prepare('SELECT 1 FROM experiments WHERE uid = ?')
  const addSnapshot = db.prepare(
    `INSERT INTO experiment_snapshots (experiment, snapshot_hash, plan_hash, lab_version, environment, encoding, sha256, snapshot)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const place = (table: string, column: string) =>
    db.prepare(`INSERT INTO ${table} (experiment, position, ${column}) VALUES (?, ?, ?)`)
  const placeCase = place('experiment_cases', 'test_case')
  const placeVariant = place('experiment_variants', 'prompt')
  const placeModel = place('experiment_models', 'model')
  const addCell = db.prepare(
    'INSERT INTO cells (experiment, n, prompt, model, test_case, repetition, block) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const leaseOf = db.prepare<[number], LeaseRow & { readonly status: ExperimentStatus }>(
    'SELECT status, lease_owner, lease_until, lease_pid, lease_host FROM experiments WHERE id = ?',
  )
  const renew = db.prepare('UPDATE experiments SET lease_until = ? WHERE id = ?')
  const take = db.prepare(
    `UPDATE experiments SET lease_owner = ?, lease_until = ?, lease_pid = ?, lease_host = ?,
       status = CASE status WHEN 'done' THEN 'done' ELSE 'running' END,
       finished_at = CASE status WHEN 'done' THEN finished_at END
     WHERE id = ?`,
  )
  const doubt = db.prepare(
    "UPDATE attempts SET state = 'unknown' WHERE state = 'sent' AND call IN (SELECT id FROM calls WHERE experiment = ?)",
  )
  const finish = db.prepare(
    `UPDATE experiments SET status = ?, finished_at = ?, wall_seconds = wall_seconds + ?,
       lease_owner = NULL, lease_until = NULL, lease_pid = NULL, lease_host = NULL
     WHERE id = ?`,
  )

  // The hash is of the text as it is, not of its canonical form: the order of members can reach the rendered prompt.
  const modelRow = (model: ExperimentSnapshot['models'][number]): number => {
    const reference = JSON.stringify(model)
    const hash = sha256(reference)
    const added = () => addModel.run(hash, model.id, model.provider, model.model, reference).lastInsertRowid
    return findModel.get(hash)?.id ?? Number(added())
  }
  const caseRow = (project: number, testCase: ExperimentSnapshot['cases'][number]): number => {
    const content = JSON.stringify(testCase)
    const hash = sha256(content)
    return findCase.get(project, hash)?.id ?? Number(addCase.run(project, hash, testCase.id, content).lastInsertRowid)
  }

  type Rows = {
    readonly variants: Map<string, number>
    readonly models: Map<string, number>
    readonly cases: Map<string, number>
  }
  const addCells = (experiment: number, cells: readonly CellKey[], rows: Rows) => {
    for (const [n, cell] of cells.entries()) {
      addCell.run(
        experiment,
        n,
        rowOf(rows.variants, 'variant', cell.variant),
        rowOf(rows.models, 'model', cell.model),
        rowOf(rows.cases, 'test case', cell.case),
        cell.repetition,
        cell.block,
      )
    }
  }

  return {
    createExperiment: (created: NewExperiment): void => {
      const { snapshot, environment } = created
      if (exists.get(created.id) !== undefined)
        throw new LabError('internal', `There is an experiment ${created.id} already.`)
      const project = directory.project(snapshot.project)
      const lease = [created.owner, now() + created.leaseMs, process.pid, hostname()] as const
      const experiment = Number(
        addExperiment.run(created.id, project, toMs(created.startedAt), created.cells.length, ...lease).lastInsertRowid,
      )
      const packed = packSnapshot(snapshot)
      addSnapshot.run(
        experiment,
        created.snapshotHash,
        created.planHash,
        environment.labVersion,
        JSON.stringify(environment),
        packed.encoding,
        packed.sha256,
        packed.snapshot,
      )
      const rows: Rows = {
        variants: new Map(snapshot.variants.map((variant) => [variant.name, variantRow(project, variant)])),
        models: new Map(snapshot.models.map((model) => [model.id, modelRow(model)])),
        cases: new Map(snapshot.cases.map((testCase) => [testCase.id, caseRow(project, testCase)])),
      }
      for (const [position, row] of [...rows.variants.values()].entries()) placeVariant.run(experiment, position, row)
      for (const [position, row] of [...rows.models.values()].entries()) placeModel.run(experiment, position, row)
      for (const [position, row] of [...rows.cases.values()].entries()) placeCase.run(experiment, position, row)
      addCells(experiment, created.cells, rows)
    },

    lease: (uid: ExperimentId, owner: string, ttlMs: number): boolean => {
      const experiment = directory.experiment(uid)
      const row = leaseOf.get(experiment)
      if (row === undefined) throw new LabError('not-found', `There is no experiment ${uid} in ${db.name}.`)
      const until = now() + ttlMs
      const live = isLive(row, now())
      const mine = row.lease_owner === owner && row.lease_pid === process.pid && row.lease_host === hostname()
      if (live && !mine) return false
      if (mine) {
        renew.run(until, experiment)
        return true
      }
      doubt.run(experiment)
      take.run(owner, until, process.pid, hostname(), experiment)
      return true
    },

    finishExperiment: (uid: ExperimentId, owner: string, status: ExperimentStatus, wallSeconds: number): void => {
      const experiment = directory.experiment(uid)
      const row = leaseOf.get(experiment)
      if (row?.lease_owner !== owner) {
        throw new LabError('busy', `Another process has taken over the experiment ${uid}; its status was left alone.`)
      }
      finish.run(status, now(), wallSeconds, experiment)
    },

    /** Throws `busy` while a run may still add results scored by the evaluators of the snapshot. */
    refuseWhileRunning: (uid: ExperimentId): void => {
      const row = leaseOf.get(directory.experiment(uid))
      if (row !== undefined && isLive(row, now())) {
        throw new LabError('busy', `The experiment ${uid} is still running. Wait until it ends, then score it again.`)
      }
    },
  }
}
