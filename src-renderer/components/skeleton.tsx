import { useEffect, useState } from 'react'
import classes from './states.module.css'

/** True once `waiting` has lasted `afterMs`: what answers faster shows no skeleton, which would only flicker. */
export const useDelayed = (waiting: boolean, afterMs = 150): boolean => {
  const [late, setLate] = useState(false)
  useEffect(() => {
    if (!waiting) return
    const timer = setTimeout(() => setLate(true), afterMs)
    return () => {
      clearTimeout(timer)
      setLate(false)
    }
  }, [waiting, afterMs])
  return waiting && late
}

/** Placeholder of content on its way. `shape`: text lines, cards, table rows or one block. */
export const Skeleton = (props: {
  readonly shape: 'lines' | 'cards' | 'rows' | 'block'
  readonly count?: number
  readonly label?: string
}) => {
  const shown = useDelayed(true)
  return (
    <div className={classes.skeleton} data-shape={props.shape} role="status" data-shown={shown || undefined}>
      <span className={classes.unseen}>{props.label ?? 'Loading'}</span>
      {Array.from({ length: props.count ?? 4 }, (_, index) => (
        <div key={index} className={classes.bone} aria-hidden="true" />
      ))}
    </div>
  )
}
