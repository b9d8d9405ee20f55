import { useElementSize } from '@mantine/hooks'
import { useEffect, useMemo, useRef } from 'react'
import type { HeatMap } from '../../../src-main/workspace/experiment-types.ts'
import { ChartWithTable } from '../../components/chart-with-table.tsx'
import { formatCount, formatShare } from '../../components/format.ts'
import { combinationName } from '../../run/combination.ts'
import { useScheme } from '../../theme/scheme.ts'
import { heatStep, patchesOf } from './heat-bands.ts'
import classes from './live.module.css'

const bandHeight = 26
const gap = 6
const mostTableRows = 40

/** Bands of cases, one a column, on a canvas: thousands of patches, drawn anew ten times a second. */
const Bands = (props: { readonly heat: HeatMap }) => {
  const { heat } = props
  const { ref, width } = useElementSize()
  const canvas = useRef<HTMLCanvasElement>(null)
  const scheme = useScheme()
  const names = heat.columns.map((column) => combinationName(column, heat.columns))
  const height = heat.columns.length * (bandHeight + gap)
  useEffect(() => {
    const drawing = canvas.current?.getContext('2d')
    if (canvas.current === null || drawing == null || width === 0) return
    const ratio = window.devicePixelRatio
    canvas.current.width = Math.round(width * ratio)
    canvas.current.height = Math.round(height * ratio)
    drawing.setTransform(ratio, 0, 0, ratio, 0, 0)
    drawing.clearRect(0, 0, width, height)
    const styles = getComputedStyle(canvas.current)
    const colour = (name: string): string => styles.getPropertyValue(name)
    const [line, bad] = [colour('--lab-line-strong'), colour('--lab-bad')]
    const steps = [0, 1, 2, 3, 4, 5].map((step) => colour(`--lab-heat-${step}`))
    const ground = colour('--lab-surface')
    for (let column = 0; column < heat.columns.length; column++) {
      const patches = patchesOf(heat, column, Math.floor(width / 3))
      const each = width / Math.max(1, patches.length)
      const space = each > 6 ? 1 : 0
      const y = column * (bandHeight + gap) + gap / 2
      drawing.fillStyle = line
      drawing.fillRect(0, y + bandHeight, width, 1)
      for (const [index, { share, done, cells, failed }] of patches.entries()) {
        const x = index * each
        if (share === null) continue
        // As high as it is done, as dark as it passed.
        const filled = (bandHeight * done) / Math.max(1, cells)
        drawing.fillStyle = steps[heatStep(share)] ?? line
        drawing.fillRect(x, y + bandHeight - filled, each - space, filled)
        if (heatStep(share) === 0) {
          // Nothing passed must be told from nothing done: it has a frame.
          drawing.strokeStyle = line
          drawing.lineWidth = 0.75
          drawing.strokeRect(x + 0.5, y + bandHeight - filled + 0.5, each - space - 1, filled - 1)
        }
        if (failed === 0) continue
        drawing.beginPath()
        drawing.moveTo(x + 1, y + bandHeight - 2)
        drawing.lineTo(x + Math.max(2, each - space - 1), y + 2)
        // On a light edge, so that it is seen on every step.
        drawing.strokeStyle = ground
        drawing.lineWidth = 4
        drawing.stroke()
        drawing.strokeStyle = bad
        drawing.lineWidth = 1.75
        drawing.stroke()
      }
    }
    // The colours are read from the page, so another scheme is another drawing.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [heat, width, height, scheme])
  return (
    <div className={classes.bands}>
      <div className={classes.bandNames} style={{ gridAutoRows: bandHeight + gap }}>
        {names.map((name) => (
          <span key={name} title={name}>
            {name}
          </span>
        ))}
      </div>
      <div ref={ref} className={classes.bandCanvas} style={{ height }}>
        <canvas ref={canvas} className={classes.canvas} />
      </div>
    </div>
  )
}

const Legend = () => (
  <p className={classes.legend}>
    <span>none passed</span>
    {[0, 1, 2, 3, 4, 5].map((step) => (
      <i key={step} data-step={step} />
    ))}
    <span>all passed</span>
    <i data-failed="true" />
    <span>has answers that never came</span>
    <span>· height: how much is done</span>
  </p>
)

export const LiveHeatMap = (props: { readonly heat: HeatMap }) => {
  const { heat } = props
  const table = useMemo(() => {
    const byColumn = heat.columns.map((_, column) => patchesOf(heat, column, mostTableRows))
    const rows = (byColumn[0] ?? []).map(({ from, to }, index) => [
      from + 1 === to ? `Case ${formatCount(to)}` : `Cases ${formatCount(from + 1)} to ${formatCount(to)}`,
      ...byColumn.map((patches) => {
        const patch = patches[index]
        if (patch === undefined || patch.done === 0) return 'waiting'
        return `${formatCount(patch.passed)} of ${formatCount(patch.done)} passed${patch.failed === 0 ? '' : `, ${formatCount(patch.failed)} without an answer`}`
      }),
    ])
    return {
      columns: [
        { header: 'Cases' },
        ...heat.columns.map((column) => ({ header: combinationName(column, heat.columns) })),
      ],
      rows,
    }
  }, [heat])
  const done = heat.tiles.reduce((sum, count, index) => (index % 4 === 0 ? sum : sum + count), 0)
  const cells = heat.tiles.reduce((sum, count, index) => (index % 4 === 0 ? sum + count : sum), 0)
  return (
    <ChartWithTable
      title="Cells"
      summary={`Cases from left to right, one band a column: ${formatShare(cells === 0 ? 0 : done / cells, 0)} have a result.`}
      table={table}
      height="own"
    >
      <Bands heat={heat} />
      <Legend />
    </ChartWithTable>
  )
}
