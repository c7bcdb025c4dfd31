// SPDX-License-Identifier: EPL-2.0
// What every peer that a test drives does: reads one JSON command a line, answers each with one JSON line {"value":..} or {"error":".."}, and
// ends with its input.
import { createInterface } from 'node:readline'

/**
 * Answers until the input ends.
 *
 * @param commands functions by the word that a command has in "do"; each gets the command
 */
export async function serve (commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line)
    let answer
    try {
      answer = { value: (await commands[command.do](command)) ?? null }
    } catch (failure) {
      answer = { error: `${failure.name}: ${failure.message}` }
    }
    console.log(JSON.stringify(answer))
  }
}
