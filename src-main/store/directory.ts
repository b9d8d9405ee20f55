import { LabError } from '../../src-core/domain/errors.ts'
import type { ExperimentId } from '../../src-core/domain/ids.ts'
import type { Db } from './database.ts'

/**
 * Row numbers of the things that writes name by text. Remembered, because a run asks for the same few thousands of times;
 * forgotten whole after a rollback, which may have taken new rows back.
 */
export type Directory = {
  project(name: string): number
  name(text: string): number
  /** Throws `not-found`. */
  experiment(uid: ExperimentId): number
  /** A model by its id within the lab. Throws `internal` where the snapshot does not hold it. */
  model(experiment: number, alias: string): number
  forget(): void
}

export const openDirectory = (db: Db): Directory => {
  const names = new Map<string, number>()
  const experiments = new Map<string, number>()
  const models = new Map<number, Map<string, number>>()

  const findProject = db.prepare<[string], { id: number }>('SELECT id FROM projects WHERE name = ?')
  const addProject = db.prepare('INSERT INTO projects (name) VALUES (?)')
  const findName = db.prepare<[string], { id: number }>('SELECT id FROM names WHERE text = ?')
  const addName = db.prepare('INSERT INTO names (text) VALUES (?)')
  const findExperiment = db.prepare<[string], { id: number }>('SELECT id FROM experiments WHERE uid = ?')
  const findModels = db.prepare<[number], { alias: string; id: number }>(
    'SELECT m.alias, m.id FROM experiment_models e JOIN models m ON m.id = e.model WHERE e.experiment = ?',
  )

  return {
    project: (name) => findProject.get(name)?.id ?? Number(addProject.run(name).lastInsertRowid),
    name: (text) => {
      const known = names.get(text)
      if (known !== undefined) return known
      const id = findName.get(text)?.id ?? Number(addName.run(text).lastInsertRowid)
      // A server may answer with another name every time.
      if (names.size >= 10_000) names.clear()
      names.set(text, id)
      return id
    },
    experiment: (uid) => {
      const known = experiments.get(uid)
      if (known !== undefined) return known
      const id = findExperiment.get(uid)?.id
      if (id === undefined) throw new LabError('not-found', `There is no experiment ${uid} in ${db.name}.`)
      experiments.set(uid, id)
      return id
    },
    model: (experiment, alias) => {
      let known = models.get(experiment)
      if (known === undefined) {
        known = new Map(findModels.all(experiment).map((row) => [row.alias, row.id]))
        models.set(experiment, known)
      }
      const id = known.get(alias)
      if (id === undefined) throw new LabError('internal', `The experiment's snapshot holds no model "${alias}".`)
      return id
    },
    forget: () => {
      names.clear()
      experiments.clear()
      models.clear()
    },
  }
}
