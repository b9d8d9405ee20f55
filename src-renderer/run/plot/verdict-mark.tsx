import type { Verdict } from '../../../src-core/domain/report.ts'
import classes from './marks.module.css'

const path = (x: number, y: number, points: readonly (readonly [number, number])[]): string =>
  points.map(([dx, dy]) => `${x + dx},${y + dy}`).join(' ')

/** Shape first, colour second: triangle up better, down worse, diamond cheaper and not worse, square equivalent, ring not shown. */
export const VerdictMark = (props: { readonly verdict: Verdict; readonly x: number; readonly y: number }) => {
  const { verdict, x, y } = props
  switch (verdict) {
    case 'better':
      return (
        <polygon
          className={classes.mark}
          data-tone="good"
          points={path(x, y, [
            [0, -7],
            [7, 6],
            [-7, 6],
          ])}
        />
      )
    case 'worse':
      return (
        <polygon
          className={classes.mark}
          data-tone="bad"
          points={path(x, y, [
            [0, 7],
            [7, -6],
            [-7, -6],
          ])}
        />
      )
    case 'cheaper-not-worse':
      return (
        <polygon
          className={classes.mark}
          data-tone="good"
          points={path(x, y, [
            [0, -7],
            [7, 0],
            [0, 7],
            [-7, 0],
          ])}
        />
      )
    case 'equivalent':
      return <rect className={classes.mark} x={x - 5.5} y={y - 5.5} width={11} height={11} />
    case 'not-enough-data':
    case 'invalid':
      return <circle className={classes.mark} data-open cx={x} cy={y} r={5.5} />
  }
}
