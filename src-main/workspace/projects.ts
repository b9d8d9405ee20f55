import { LabError } from '../../src-core/domain/errors.ts'
import { experimentId } from '../../src-core/domain/ids.ts'
import { resourcePath } from '../package-root.ts'
import { importSampleRun } from '../services/sample-runs.ts'
import { listSamples } from '../services/samples.ts'
import type { LabStore } from '../store/open-store.ts'
import type { ProjectRow } from '../store/workspace/project-reads.ts'
import { contentOfRun } from './adopt.ts'
import type { ProjectsService } from './app-host.ts'
import { readLabProject } from './import-lab.ts'
import type { RunSummary, Summaries } from './run-summary.ts'
import type { ProjectCard } from './types.ts'

type Dependencies = {
  readonly store: LabStore
  readonly summaries: Summaries
  /** A door that may name files of this machine; a browser sends texts. */
  readonly mayReadPaths: boolean
}

const keptInTrashMs = 30 * 24 * 3600 * 1000
const shownQualities = 30
const iso = (ms: number): string => new Date(ms).toISOString()

export const createProjects = ({ store, summaries, mayReadPaths }: Dependencies): ProjectsService => {
  const { workspace } = store

  const card = async (row: ProjectRow, records: Awaited<ReturnType<LabStore['experiments']>>): Promise<ProjectCard> => {
    const [runs, bytes, shapes] = await Promise.all([
      workspace.read('runSummaries', row.id),
      workspace.study('projectBytes', row.id),
      workspace.read('runShapes', row.id),
    ])
    const dry = new Set(shapes.filter((shape) => shape.dry).map(({ uid }) => uid))
    const own = records.filter(({ project, id }) => project === row.name && !dry.has(id))
    const ended = new Set(own.filter(({ status }) => status !== 'running').map(({ id }) => String(id)))
    const known = runs
      .filter(({ experiment }) => !dry.has(experiment))
      .map(({ experiment, summary }) => ({ experiment, summary: summary as RunSummary | null }))
    for (const { experiment, summary } of known)
      if (summary === null && ended.has(experiment)) summaries.want(experimentId(experiment))
    const done = known.flatMap(({ summary }) => (summary === null ? [] : [summary]))
    const unknownCost = known.some(({ summary }) => summary === null || summary.spentUsd === null)
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      updatedAt: iso(row.updated_at),
      trashedAt: row.trashed_at === null ? null : iso(row.trashed_at),
      purgedAt: row.trashed_at === null ? null : iso(row.trashed_at + keptInTrashMs),
      prompts: row.prompts,
      cases: row.cases,
      lastRun: own[0] ?? null,
      best: done.at(-1)?.best ?? null,
      spentUsd: unknownCost ? null : done.reduce((sum, { spentUsd }) => sum + (spentUsd ?? 0), 0),
      bytes,
      quality: done.flatMap(({ quality }) => (quality === null ? [] : [quality])).slice(-shownQualities),
    }
  }
  const get = async (project: number): Promise<ProjectCard> =>
    card(await workspace.read('project', project), await store.experiments())

  /** Projects that only the command line knows get a workspace from their newest run. */
  const adopt = async (): Promise<void> => {
    for (const { experiment } of await workspace.read('orphanProjects')) {
      await workspace.write('createProject', contentOfRun(await store.snapshot(experimentId(experiment))))
    }
  }
  const sampleOf = async (name: string) => {
    const found = (await listSamples()).find((sample) => sample.name === name)
    if (found === undefined) throw new LabError('not-found', `There is no sample "${name}".`)
    return found
  }
  const importFrom = async (source: Parameters<typeof readLabProject>[0]) => {
    const { content, warnings } = await readLabProject(source, (project, reference) =>
      store.findVariant(project, reference),
    )
    const name = await workspace.write('freeName', content.name)
    const project = await workspace.write('createProject', { ...content, name })
    return { project, name, wanted: content.name, warnings }
  }

  return {
    get,
    list: async ({ trash }) => {
      if (!trash) await adopt()
      const [rows, records] = await Promise.all([workspace.read('projectList', trash), store.experiments()])
      return Promise.all(rows.map((row) => card(row, records)))
    },
    samples: () => listSamples(),
    create: async ({ name, description }) => {
      const id = await workspace.write('createProject', {
        name,
        description,
        columns: [
          { name: 'input', type: 'text' },
          { name: 'expected', type: 'text' },
        ],
        prompts: [],
        cases: [],
        setup: {},
      })
      return get(id)
    },
    createFromSample: async (sample) => {
      const { name } = await sampleOf(sample)
      const made = await importFrom({ path: resourcePath('samples', name, 'lab.yaml') })
      try {
        // The stored run belongs to the lab's own name; a second copy of the sample starts without it.
        if (made.name === made.wanted) summaries.want((await importSampleRun(store, name)).experiment)
      } catch (error) {
        // Not every sample ships a run; without one the project is whole all the same.
        if (!(error instanceof LabError && error.code === 'not-found')) throw error
      }
      return get(made.project)
    },
    importLab: async (source) => {
      if ('path' in source && !mayReadPaths)
        throw new LabError('unsupported', 'The browser cannot name files of this machine; choose the files instead.')
      const { project, warnings } = await importFrom(source)
      return { project: await get(project), warnings }
    },
    exportLab: (project) => workspace.study('exportLab', project),
    rename: (project, name) => workspace.write('renameProject', project, name),
    describe: (project, description) => workspace.write('describeProject', project, description),
    duplicate: async (project, name) => get(await workspace.write('duplicateProject', project, name)),
    trash: (project) => workspace.write('setTrash', project, true),
    restore: async (project) => {
      await workspace.write('setTrash', project, false)
      return get(project)
    },
  }
}
