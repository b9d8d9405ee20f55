import type { ChatHistoryItem, ChatWrapper, LlamaModel } from 'node-llama-cpp'
import type { Message } from '../../src-core/domain/prompt.ts'
import { GenerationFailure } from './generation-failure.ts'

type Library = typeof import('node-llama-cpp')

export type ChatPrompt = {
  /** The conversation in the model's own chat template, as tokens; a last message of the assistant is continued. */
  tokens(messages: readonly Message[]): number[]
}

/**
 * The template that the model's file carries, rendered as it stands: the library's own wrappers for known families
 * leave out what the template adds (Qwen's default system message), and other servers of the same file send it.
 * Text of a message never becomes a control token.
 */
export const createChatPrompt = (library: Library, model: LlamaModel): ChatPrompt => {
  const template = model.fileInfo.metadata.tokenizer?.chat_template
  const wrapper: ChatWrapper =
    template === undefined
      ? library.resolveChatWrapper(model, { warningLogs: false })
      : new library.JinjaTemplateChatWrapper({
          template,
          joinAdjacentMessagesOfTheSameType: false,
          trimLeadingWhitespaceInResponses: false,
          tokenizer: model.tokenizer,
        })
  return {
    tokens: (messages) => {
      const history = messages.map(toHistory)
      if (messages.at(-1)?.role !== 'assistant') history.push({ type: 'model', response: [''] })
      try {
        return wrapper.generateContextState({ chatHistory: history }).contextText.tokenize(model.tokenizer)
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause)
        throw new GenerationFailure(
          'bad-request',
          `The model’s chat template does not take these messages: ${why}`,
          cause,
        )
      }
    },
  }
}

const toHistory = ({ role, content }: Message): ChatHistoryItem =>
  role === 'assistant' ? { type: 'model', response: [content] } : { type: role, text: content }
