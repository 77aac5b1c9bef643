// Emits any event with JSON, and shows what comes.

const linesMax = 300;
const textMax = 600; // of a line

export class Console {
  #feed;
  #log = document.querySelector('#log');
  #event = document.querySelector('#event');
  #argument = document.querySelector('#argument');
  #showsSnapshots = document.querySelector('#show-snapshots');
  #shown = 0; // when the last snapshot was

  constructor(feed) {
    this.#feed = feed;
    const names = ['list', 'create', 'join', 'leave', 'chat', 'vote', 'action'];
    document.querySelector('#events').append(...names.map(name => new Option('', name)));
    const form = document.querySelector('#emit');
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.#emit();
    });
    form.addEventListener('keydown', event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
  }

  focus() {
    this.#event.focus();
    this.#event.select();
  }

  came(name, args) {
    if (name === 'snapshot') {
      if (!this.#showsSnapshots.checked || performance.now() - this.#shown < 1000) return;
      this.#shown = performance.now();
    }
    this.#add('in', name, args);
  }

  /// Something of the page's own.
  note(text) {
    this.#add('', '·', [text]);
  }

  async #emit() {
    const name = this.#event.value.trim();
    let args;
    try {
      const value = this.#argument.value.trim() === '' ? [] : JSON.parse(this.#argument.value);
      args = Array.isArray(value) ? value : [value]; // a list is all arguments
    } catch (error) {
      return this.#add('fault', 'JSON', [error.message]);
    }
    this.#add('out', name, args);
    try {
      const answer = await this.#feed.emit(name, ...args);
      this.#add(answer?.error ? 'fault' : 'in', `${name} answered`, [answer]);
    } catch (error) {
      this.#add('fault', name, [error.message]);
    }
  }

  #add(kind, name, args) {
    const isAtEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 30;
    const line = document.createElement('li');
    line.className = kind;
    const head = document.createElement('b');
    head.textContent = { out: '→ ', in: '← ', fault: '× ' }[kind] ?? '';
    head.textContent += name;
    const text = args.map(shown).join(' ');
    line.append(head, ` ${text.length > textMax ? `${text.slice(0, textMax)}…` : text}`);
    this.#log.append(line);
    while (this.#log.childElementCount > linesMax) this.#log.firstElementChild.remove();
    if (isAtEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }
}

function shown(value) {
  if (typeof value === 'string') return value;
  const text = JSON.stringify(value, (_, part) => (part instanceof ArrayBuffer ? `${part.byteLength} bytes` : part));
  return text ?? '';
}
