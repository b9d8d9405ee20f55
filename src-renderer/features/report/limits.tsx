import type { ExperimentReport } from '../../../src-core/domain/report.ts'
import { gateWords } from '../../../src-core/experiment/render/parts.ts'
import { Card } from '../../components/card.tsx'
import { plural } from '../../components/format.ts'
import { Section } from '../../components/page.tsx'
import { Badge } from '../../components/verdict-badge.tsx'
import type { RunPlace } from '../../run/use-run.ts'
import { useAsk } from '../../state/lab.tsx'
import classes from './report.module.css'

const mostFlips = 5

/** What a reader must know before believing the table: notes, gates, wavering cases, ratings and exclusions by people. */
export const Limits = (props: { readonly report: ExperimentReport; readonly place: RunPlace }) => {
  const { report, place } = props
  const { experiment, project } = place
  const { data: ratings } = useAsk(['ratings', project, experiment, 'summary'], (lab, signal) =>
    lab.experiments.ratings.query({ experiment }, { signal }),
  )
  const wavering = report.flips.filter(({ within }) => within !== null && within > 0)
  const people =
    ratings === undefined || ratings.rated + ratings.excluded + ratings.comments === 0
      ? null
      : `People rated ${plural(ratings.rated, 'answer')}, excluded ${plural(ratings.excluded, 'answer')} and left ${plural(ratings.comments, 'comment')}. The figures above are the evaluators' and leave nothing out.`
  return (
    <>
      {report.gates.length === 0 ? null : (
        <Section title="Gates">
          <Card>
            <ul className={classes.sentences}>
              {report.gates.map((gate) => (
                <li key={`${gate.name}:${gate.variant}:${gate.model}`}>
                  <Badge
                    tone={gate.passed === null ? 'plain' : gate.passed ? 'good' : 'bad'}
                    icon={gate.passed === null ? 'help' : gate.passed ? 'check' : 'close'}
                    label={gateWords(gate.passed)}
                  />{' '}
                  <span>{gate.sentence}</span>
                </li>
              ))}
            </ul>
          </Card>
        </Section>
      )}
      <Section title="Limits">
        <Card>
          <ul className={classes.notes}>
            {report.failed === 0 ? null : (
              <li>{plural(report.failed, 'cell')} got no answer: each counts with score 0.</li>
            )}
            {report.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
            {people === null ? null : <li>{people}</li>}
            {ratings?.reasons.map(({ reason, count }) => (
              <li key={reason}>
                Excluded ({count}): {reason}
              </li>
            ))}
            {wavering.length === 0 ? null : (
              <li>
                {plural(wavering.length, 'case')} got different verdicts from one repetition to the next, most of all{' '}
                {wavering
                  .slice(0, mostFlips)
                  .map((flip) => flip.case)
                  .join(', ')}
                .
              </li>
            )}
            <li>The answer holds for these cases, these models and these versions, not for others.</li>
          </ul>
        </Card>
      </Section>
    </>
  )
}
