import { Page } from '../../components/page.tsx'

const Projects = () => <Page title="Projects">{null}</Page>
export default Projects
