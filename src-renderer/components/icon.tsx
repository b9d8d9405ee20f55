import classes from './icon.module.css'

/** Line drawings on a 24 x 24 field, drawn in the text's colour. They accompany words and never replace them. */
const drawings = {
  add: ['M12 5v14', 'M5 12h14'],
  alert: ['M12 4 2.8 19.5h18.4z', 'M12 10v4.5', 'M12 17v.2'],
  archive: ['M4 7h16v12.5H4z', 'M3 4h18v3H3z', 'M10 11.5h4'],
  bolt: ['M13 3 5 13.5h6L10 21l8-10.5h-6z'],
  chart: ['M4 20V4', 'M4 20h16', 'M8.5 16v-5', 'M13 16V8', 'M17.5 16v-3'],
  check: ['m5 12.5 4.5 4.5L19 7.5'],
  chevronDown: ['m6 9 6 6 6-6'],
  chevronRight: ['m9 6 6 6-6 6'],
  chevronUp: ['m6 15 6-6 6 6'],
  close: ['M6 6l12 12', 'M18 6 6 18'],
  comment: ['M4 5h16v11H10l-4 4v-4H4z'],
  compare: ['M8 4v16', 'M16 4v16', 'M3.5 8.5h9', 'M11.5 15.5h9'],
  computer: ['M4 5h16v11H4z', 'M9 20h6', 'M12 16v4'],
  copy: ['M8 8h12v12H8z', 'M4 16V4h12'],
  database: [
    'M5 6c0-1.7 3.1-3 7-3s7 1.3 7 3-3.1 3-7 3-7-1.3-7-3z',
    'M5 6v12c0 1.7 3.1 3 7 3s7-1.3 7-3V6',
    'M5 12c0 1.7 3.1 3 7 3s7-1.3 7-3',
  ],
  download: ['M12 4v11', 'm7.5 11 4.5 4.5 4.5-4.5', 'M4 20h16'],
  edit: ['M4 20h4L20 8l-4-4L4 16z'],
  equal: ['M6 9.5h12', 'M6 14.5h12'],
  experiment: ['M9 3h6', 'M10 3v6.5L4.5 19a1.3 1.3 0 0 0 1.1 2h12.8a1.3 1.3 0 0 0 1.1-2L14 9.5V3', 'M7.5 15h9'],
  eye: ['M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z', 'M12 9a3 3 0 1 0 .01 0z'],
  file: ['M6 3h8l4 4v14H6z', 'M14 3v4h4'],
  filter: ['M4 5h16l-6.2 7.5V19l-3.6-2v-4.5z'],
  folder: ['M3.5 6h6l2 2.5h9V19h-17z'],
  grid: ['M4 4h16v16H4z', 'M4 9.5h16', 'M4 14.8h16', 'M10 4v16'],
  help: ['M12 3a9 9 0 1 0 .01 0z', 'M9.5 9.5a2.5 2.5 0 1 1 3.4 2.3c-.6.3-.9.8-.9 1.7', 'M12 16.6v.2'],
  history: ['M4.5 8A8.5 8.5 0 1 1 3.6 13', 'M4 4v4.3h4.3', 'M12 7.5V12l3 2'],
  info: ['M12 3a9 9 0 1 0 .01 0z', 'M12 11v5.5', 'M12 7.6v.2'],
  key: ['M8 11.5a4 4 0 1 0 .01 0z', 'm10.8 12.7 8.7-8.7', 'm16 7.5 2.5 2.5'],
  menu: ['M4 6h16', 'M4 12h16', 'M4 18h16'],
  minus: ['M5 12h14'],
  model: [
    'M7 7h10v10H7z',
    'M10 3.5V7',
    'M14 3.5V7',
    'M10 17v3.5',
    'M14 17v3.5',
    'M3.5 10H7',
    'M3.5 14H7',
    'M17 10h3.5',
    'M17 14h3.5',
  ],
  more: ['M5 12v.2', 'M12 12v.2', 'M19 12v.2'],
  network: [
    'M12 3a9 9 0 1 0 .01 0z',
    'M3 12h18',
    'M12 3c2.7 2.5 4 5.5 4 9s-1.3 6.5-4 9c-2.7-2.5-4-5.5-4-9s1.3-6.5 4-9z',
  ],
  offline: [
    'M4 4l16 16',
    'M5 13a9 9 0 0 1 3.4-2.3',
    'M13 9.6a9 9 0 0 1 6 3.4',
    'M8.5 16.2a5 5 0 0 1 6.2-.4',
    'M12 19.5v.2',
  ],
  panel: ['M4 5h16v14H4z', 'M15 5v14'],
  pause: ['M8 5v14', 'M16 5v14'],
  play: ['M7 4.5v15l12-7.5z'],
  prompt: ['M4 5h16v14H4z', 'm7.5 10 3 2.5-3 2.5', 'M12.5 15.5h4'],
  redo: ['M19.5 9H9.5a5 5 0 0 0 0 10H14', 'm15.5 5 4 4-4 4'],
  refresh: ['M19.5 12a7.5 7.5 0 1 1-2.3-5.4', 'M19.5 4v4.5H15'],
  search: ['M10.5 4a6.5 6.5 0 1 0 .01 0z', 'm15.5 15.5 5 5'],
  settings: [
    'M4 7h9',
    'M17 7h3',
    'M15 5a2 2 0 1 0 .01 0z',
    'M4 17h3',
    'M11 17h9',
    'M9 15a2 2 0 1 0 .01 0z',
    'M4 12h16',
  ],
  shield: ['M12 3 4.5 6v5.5c0 4.4 3 7.8 7.5 9.5 4.5-1.7 7.5-5.1 7.5-9.5V6z'],
  sort: ['M8 5v14', 'm4.5 15.5 3.5 3.5 3.5-3.5', 'M16 19V5', 'm12.5 8.5 3.5-3.5 3.5 3.5'],
  spark: ['M12 3.5 13.8 10 20.5 12l-6.7 2L12 20.5 10.2 14 3.5 12l6.7-2z'],
  stop: ['M6 6h12v12H6z'],
  table: ['M4 5h16v14H4z', 'M4 10h16', 'M10 10v9'],
  trash: ['M4 7h16', 'M9 7V4h6v3', 'M6 7l1 13.5h10L18 7'],
  undo: ['M4.5 9h10a5 5 0 0 1 0 10H10', 'm8.5 5-4 4 4 4'],
  upload: ['M12 16V5', 'm7.5 9 4.5-4.5L16.5 9', 'M4 20h16'],
} as const satisfies Record<string, readonly string[]>

export type IconName = keyof typeof drawings

export const Icon = (props: { readonly name: IconName; readonly size?: 'small' | 'medium' | 'large' }) => (
  <svg
    className={classes.icon}
    data-size={props.size ?? 'medium'}
    viewBox="0 0 24 24"
    aria-hidden="true"
    focusable="false"
  >
    {drawings[props.name].map((path) => (
      <path key={path} d={path} />
    ))}
  </svg>
)
