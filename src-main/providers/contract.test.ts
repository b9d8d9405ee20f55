import { describeProviderContract } from './provider.contract.ts'
import { anthropic, http, ollama, openai, openaiWhole } from './test/dialects.ts'

describeProviderContract('openai, streamed', openai)
describeProviderContract('openai, whole', openaiWhole)
describeProviderContract('anthropic', anthropic)
describeProviderContract('ollama', ollama)
describeProviderContract('http', http)
