import classes from './badge.module.css'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'plain'

/** A short state in words, with a sign and a colour: never the colour alone. */
export const Badge = (props: {
  readonly tone: Tone
  readonly label: string
  readonly icon?: IconName
  readonly title?: string
}) => (
  <span className={classes.badge} data-tone={props.tone} title={props.title}>
    {props.icon === undefined ? null : <Icon name={props.icon} size="small" />}
    {props.label}
  </span>
)

/** Tone, sign and words of the verdicts of a comparison; anything unknown is shown as it is. */
const verdicts: Readonly<Record<string, { readonly tone: Tone; readonly icon: IconName; readonly label: string }>> = {
  better: { tone: 'good', icon: 'chevronUp', label: 'better' },
  worse: { tone: 'bad', icon: 'chevronDown', label: 'worse' },
  'cheaper-not-worse': { tone: 'good', icon: 'check', label: 'cheaper, not worse' },
  equivalent: { tone: 'info', icon: 'equal', label: 'equivalent' },
  'not-enough-data': { tone: 'plain', icon: 'help', label: 'not enough data' },
  invalid: { tone: 'warn', icon: 'alert', label: 'invalid' },
}

export const VerdictBadge = (props: { readonly verdict: string; readonly title?: string }) => {
  const { tone, icon, label } = verdicts[props.verdict] ?? {
    tone: 'plain' as const,
    icon: 'help' as const,
    label: props.verdict,
  }
  return <Badge tone={tone} icon={icon} label={label} {...(props.title === undefined ? {} : { title: props.title })} />
}
