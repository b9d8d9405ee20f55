import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openDirect } from './test/direct.ts'
import { attemptOf, callIn, endOf, experimentOf, outcomeOf, temporaryFolder } from './test/fixtures.ts'

type Step = { readonly kind: 'sent' | 'retried' | 'ended' | 'failed' | 'recorded' | 'reopened'; readonly cell: number }

const cells = 6
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom<Step['kind'][]>(
      'sent',
      'sent',
      'retried',
      'ended',
      'ended',
      'failed',
      'recorded',
      'recorded',
      'reopened',
    ),
    cell: fc.nat(cells - 1),
  }),
  { maxLength: 40 },
)

/** What a reader of the port's contract would keep in a notebook. */
type Note = { attempts: number; open: number | null; answered: boolean; recorded: boolean }

it('whatever happened, the state of a run is what was acknowledged', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      using folder = temporaryFolder()
      const path = join(folder.path, 'lab.db')
      let lab = openDirect(path)
      const created = experimentOf({ cases: cells / 2 })
      lab.write('createExperiment', created)
      const notes: Note[] = Array.from({ length: cells }, () => ({
        attempts: 0,
        open: null,
        answered: false,
        recorded: false,
      }))
      for (const { kind, cell } of sequence) {
        const note = notes[cell] as Note
        const call = callIn(created.id, cell)
        if (kind === 'reopened') {
          lab.db.close()
          lab = openDirect(path)
        } else if (kind === 'recorded') {
          if (!note.answered) continue
          lab.write('recordOutcomes', created.id, [outcomeOf(call)])
          note.recorded = true
        } else if (note.answered) {
          continue
        } else if (kind === 'sent' || kind === 'retried') {
          if (note.open !== null && kind === 'sent') continue
          note.attempts += 1
          note.open = note.attempts
          lab.write('attemptsSent', [call], [attemptOf(call, note.attempts)])
        } else if (note.open !== null) {
          const final = kind === 'ended'
          lab.write('callsEnded', [
            endOf(call, {
              attempt: note.open,
              ...(final
                ? {}
                : { final, response: null, failure: { code: 'server', message: '500' }, httpStatus: 500, costUsd: 0 }),
            }),
          ])
          note.open = null
          note.answered = final
        }
      }
      const state = lab.read('runState', created.id)
      const where = (wanted: (note: Note) => boolean) => notes.flatMap((note, n) => (wanted(note) ? [n] : []))
      expect(state.recorded).toEqual(where(({ recorded }) => recorded))
      expect(state.answered.map(({ call }) => call)).toEqual(
        where(({ answered, recorded }) => answered && !recorded).map((n) => callIn(created.id, n).id),
      )
      expect(new Map(state.attempted.map(({ purpose, attempts }) => [purpose, attempts]))).toEqual(
        new Map(
          where(({ attempts, answered }) => attempts > 0 && !answered).map((n) => [
            callIn(created.id, n).purpose,
            notes[n]?.attempts,
          ]),
        ),
      )
      expect(lab.read('ledger', created.id).attempts).toBe(notes.reduce((sum, { attempts }) => sum + attempts, 0))
      expect(lab.read('verify').problems).toEqual([])
      lab.db.close()
    }),
    { seed: 20260102, numRuns: 60 },
  )
})
