import { type Child, h, setAttribute } from './dom.ts';
import { type Entered, fillForm, type Read, readArguments, readForm } from './form-values.ts';
import { createFields, type Field } from './schema-form.ts';

/** The controls for one object schema. Where no form can be made of it, one place for JSON. */
export interface FormView {
  readonly element: HTMLElement;
  /** What is filled in, with its mistakes shown at their fields. */
  read(): Read;
  /** The same, silently. */
  peek(): Read;
  focus(): void;
}

let count = 0;

/** @param onChange called at every change, also of single letters */
export function createFormView(schema: unknown, onChange: () => void): FormView {
  const fields = createFields(schema);
  if (fields === undefined) return createJsonForm('', onChange);
  if (fields.length === 0) return createEmptyForm();
  let form = createFieldForm(fields, new Map(fields.map(({ name, initial }) => [name, initial])), onChange);
  let written = false;
  const toggle = h(
    'button',
    { type: 'button', class: 'quiet', 'aria-pressed': 'false', on: { click: swap } },
    'Edit as JSON',
  );
  const place = h('div', { class: 'form' }, form.element, toggle);

  function swap(): void {
    const read = form.read();
    // What cannot be read is not thrown away: the mistakes are shown first.
    if (!read.ok) return;
    written = !written;
    form = written
      ? createJsonForm(JSON.stringify(read.args, undefined, 2), onChange)
      : createFieldForm(fields ?? [], fillForm(fields ?? [], read.args), onChange);
    place.replaceChildren(form.element, toggle);
    setAttribute(toggle, 'aria-pressed', String(written));
    toggle.textContent = written ? 'Back to the form' : 'Edit as JSON';
    form.focus();
  }
  return { element: place, read: () => form.read(), peek: () => form.peek(), focus: () => form.focus() };
}

function createEmptyForm(): FormView {
  const read = (): Read => ({ ok: true, args: {} });
  return { element: h('p', { class: 'muted' }, 'Takes no arguments.'), read, peek: read, focus: () => undefined };
}

function createJsonForm(text: string, onChange: () => void): FormView {
  const id = newId();
  const control = h('textarea', { id, class: 'mono', rows: 6, spellcheck: 'false', on: { input: onChange } });
  control.value = text;
  const row = createRow({ id, label: 'Arguments', hint: 'JSON object', required: false, description: '' }, control, [
    control,
  ]);
  const peek = (): Read => readArguments(control.value);
  return { element: row.element, peek, read: () => shown(peek(), [['', row]]), focus: () => control.focus() };
}

function createFieldForm(fields: readonly Field[], entered: Entered, onChange: () => void): FormView {
  const controls = fields.map((field) => createControl(field, entered.get(field.name) ?? '', onChange));
  const peek = (): Read => readForm(fields, new Map(controls.map(({ field, value }) => [field.name, value()])));
  return {
    element: h('div', { class: 'fields' }, ...controls.map(({ row }) => row.element)),
    peek,
    read: () =>
      shown(
        peek(),
        controls.map(({ field, row }) => [field.name, row] as const),
      ),
    focus: () => controls[0]?.row.focus(),
  };
}

function shown(read: Read, rows: readonly (readonly [string, Row])[]): Read {
  let first: Row | undefined;
  for (const [name, row] of rows) {
    const message = read.ok ? undefined : read.errors.get(name);
    row.complain(message);
    if (message !== undefined) first ??= row;
  }
  first?.focus();
  return read;
}

interface Control {
  readonly field: Field;
  readonly row: Row;
  readonly value: () => string;
}

function createControl(field: Field, initial: string, onChange: () => void): Control {
  const id = newId();
  const on = { input: onChange, change: onChange };
  switch (field.kind) {
    case 'choices': {
      const chosen = new Set(initial.split(','));
      const boxes = field.choices.map((_, index) =>
        h('input', { type: 'checkbox', checked: chosen.has(String(index)), on }),
      );
      const options = field.choices.map(({ label }, index) => h('label', { class: 'option' }, boxes[index], label));
      const group = h('div', { id, class: 'options', role: 'group' }, ...options);
      const value = (): string => boxes.flatMap((box, index) => (box.checked ? [String(index)] : [])).join(',');
      return { field, row: createRow({ id, ...field }, group, boxes), value };
    }
    case 'choice':
    case 'boolean': {
      const choices = field.kind === 'boolean' ? ['true', 'false'] : field.choices.map(({ label }) => label);
      const values = field.kind === 'boolean' ? choices : choices.map((_, index) => String(index));
      const empty = h('option', { value: '' }, field.required ? 'Choose …' : 'Not set');
      const options = choices.map((label, index) => h('option', { value: values[index] }, label));
      const select = h('select', { id, on }, empty, ...options);
      select.value = initial;
      return { field, row: createRow({ id, ...field }, select, [select]), value: () => select.value };
    }
    default: {
      const long = field.kind === 'json' || Number(field.schema.maxLength ?? 0) > 200;
      const control = long
        ? h('textarea', { id, rows: 3, class: field.kind === 'json' ? 'mono' : '', spellcheck: 'false', on })
        : h('input', { id, type: 'text', autocomplete: 'off', inputmode: inputMode(field), on });
      control.value = initial;
      return { field, row: createRow({ id, ...field }, control, [control]), value: () => control.value };
    }
  }
}

function inputMode({ kind }: Field): string | undefined {
  return kind === 'integer' ? 'numeric' : kind === 'number' ? 'decimal' : undefined;
}

interface Row {
  readonly element: HTMLElement;
  focus(): void;
  /** Shows what is wrong with the field, or that nothing is. */
  complain(message: string | undefined): void;
}

type RowFacts = { readonly id: string } & Pick<Field, 'label' | 'hint' | 'required' | 'description'>;

function createRow(facts: RowFacts, control: HTMLElement, focusable: readonly HTMLElement[]): Row {
  const { id, label, hint, required, description } = facts;
  const error = h('p', { id: `${id}-error`, class: 'field-error', role: 'alert', hidden: true });
  const help: Child = description !== '' && h('p', { id: `${id}-help`, class: 'field-help' }, description);
  control.setAttribute('aria-describedby', [help && `${id}-help`, `${id}-error`].filter(Boolean).join(' '));
  if (control.getAttribute('role') === 'group') control.setAttribute('aria-label', label);
  else if (required) control.setAttribute('aria-required', 'true');
  const mark = required ? h('span', { class: 'required', title: 'required' }, 'required') : undefined;
  const head = h(
    'div',
    { class: 'field-head' },
    h('label', { for: id }, label),
    mark,
    h('span', { class: 'hint' }, hint),
  );
  return {
    element: h('div', { class: 'field' }, head, control, help, error),
    focus: () => focusable[0]?.focus(),
    complain(message) {
      error.textContent = message ?? '';
      error.hidden = message === undefined;
      setAttribute(control, 'aria-invalid', message === undefined ? undefined : 'true');
    },
  };
}

function newId(): string {
  count += 1;
  return `field-${count}`;
}
