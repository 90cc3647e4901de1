import vue from 'eslint-plugin-vue'
import a11y from 'eslint-plugin-vuejs-accessibility'
import ts from 'typescript-eslint'

// Patterns count from the repository's root: the pages of plugins are held to the same rules.

const sizes = {
  'max-lines': ['error', 300],
  'max-lines-per-function': ['error', 40],
}

/** Which folders a folder may not import: upper may import lower, never back. */
function floor(folder, ...upper) {
  const patterns = upper.flatMap((name) => [`@/${name}/*`, `**/${name}/*`])
  return { files: [`frontend/src/${folder}/**`], rules: { 'no-restricted-imports': ['error', { patterns }] } }
}

export default ts.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'frontend/generated/**', 'frontend/src/shared/api/generated/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...ts.configs.strictTypeChecked,
  ...ts.configs.stylisticTypeChecked,
  ...vue.configs['flat/recommended'],
  ...a11y.configs['flat/recommended'],
  {
    languageOptions: {
      parserOptions: { parser: ts.parser, projectService: true, extraFileExtensions: ['.vue'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...sizes,
      'no-console': ['error', { allow: ['info'] }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/dot-notation': 'off', // an index signature is read by brackets (tsconfig)
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Layout of templates is for the reader, not for a rule.
      'vue/html-self-closing': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      // TypeScript checks props; undefined is the plain default of an optional one.
      'vue/require-default-prop': 'off',
      // A part takes its label from WField, or by its prop.
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
      // Rows that are shown as cards keep their roles by name alone.
      'vuejs-accessibility/no-redundant-roles': ['error', { table: ['table'], thead: ['rowgroup'], tbody: ['rowgroup'], tr: ['row'], th: ['columnheader'], td: ['cell'] }],
    },
  },
  // Texts stand in catalogues: no words in templates, no Chinese in scripts.
  {
    files: ['frontend/src/**/*.vue', 'plugins/*/ui/**/*.vue'],
    rules: { 'vue/no-bare-strings-in-template': 'error', 'vue/multi-word-component-names': ['error', { ignores: ['App'] }] },
  },
  {
    files: ['frontend/src/**/*.{ts,vue}', 'plugins/*/ui/**/*.{ts,vue}'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'Literal[value=/[\\u4e00-\\u9fff]/]', message: 'Words stand in locales/*.json.' },
        { selector: 'TemplateElement[value.raw=/[\\u4e00-\\u9fff]/]', message: 'Words stand in locales/*.json.' },
      ],
    },
  },
  // Stories and tests show the parts with sample words.
  {
    files: ['frontend/src/stories/**', '**/*.test.ts'],
    rules: { 'vue/no-bare-strings-in-template': 'off', 'no-restricted-syntax': 'off' },
  },
  floor('shared', 'kit', 'sdk', 'host', 'features', 'apps'),
  floor('kit', 'sdk', 'host', 'features', 'apps'),
  floor('sdk', 'host', 'features', 'apps'),
  floor('host', 'features', 'apps'),
  { files: ['**/*.js'], ...ts.configs.disableTypeChecked },
)
