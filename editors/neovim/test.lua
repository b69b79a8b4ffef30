-- Opens a Russian and a French draft in headless Neovim and reads back where the diagnostics stand. See test.sh.
local folder = assert(os.getenv('DRAFTS'))
local failed = false

-- Neovim before 0.10 offers UTF-16 alone; with this it asks for UTF-8 as clangd's clients do
if vim.g.draftlint_encoding == 'utf-8' then
  local start = vim.lsp.start_client
  vim.lsp.start_client = function(config)
    config.capabilities = vim.lsp.protocol.make_client_capabilities()
    config.capabilities.offsetEncoding = { 'utf-8', 'utf-16' }
    config.on_init = function(client, result)
      client.offset_encoding = result.offsetEncoding or result.capabilities.positionEncoding
    end
    return start(config)
  end
end

local function check(condition, message)
  if not condition then
    failed = true
    io.stderr:write('FAILED: ' .. message .. '\n')
  end
end

-- The words under each diagnostic of a rule; Neovim's columns are bytes.
local function words(buffer, rule)
  local found = {}
  for _, d in ipairs(vim.diagnostic.get(buffer)) do
    local code = d.code or vim.tbl_get(d, 'user_data', 'lsp', 'code')
    if code == rule then
      -- until the server answers an edit, old places may lie outside of the text
      local inside, text = pcall(vim.api.nvim_buf_get_text, buffer, d.lnum, d.col, d.end_lnum, d.end_col, {})
      table.insert(found, inside and table.concat(text, '\n') or 'outside')
    end
  end
  return found
end

local function await(buffer, rule, expected, what)
  vim.wait(20000, function() return vim.deep_equal(words(buffer, rule), expected) end, 20)
  local found = words(buffer, rule)
  check(vim.deep_equal(found, expected), what .. ': ' .. vim.inspect(found) .. ' instead of ' .. vim.inspect(expected))
end

local email = 'disclosure/email-address'
for _, case in ipairs({
  { file = 'ru.md', expected = { 'anna.petrova1984@gmail.com' }, message = 'адрес', severity = 'WARN' },
  { file = 'fr.txt', expected = { 'anne.petit84@gmail.com' }, message = 'adresse', severity = 'HINT' },
  { file = 'dos.md', expected = { 'anna.petrova1984@gmail.com' }, message = 'адрес', severity = 'WARN' },
}) do
  vim.cmd('edit ' .. folder .. '/' .. case.file)
  local buffer = vim.api.nvim_get_current_buf()
  await(buffer, email, case.expected, case.file)
  for _, d in ipairs(vim.diagnostic.get(buffer)) do
    check(d.source == 'draftlint', case.file .. ': source')
    local code = d.code or vim.tbl_get(d, 'user_data', 'lsp', 'code')
    if code == email then
      check(vim.fn.tolower(d.message):find(case.message, 1, true) ~= nil, case.file .. ': ' .. d.message)
      check(d.severity == vim.diagnostic.severity[case.severity], case.file .. ': severity')
    end
  end
  -- typed before the finding, on its line and above it: the range moves along
  local line = vim.diagnostic.get(buffer)[1].lnum
  vim.api.nvim_buf_set_text(buffer, line, 0, line, 0, { 'Дорогие 😀 друзья, ', 'ещё строка: ' })
  await(buffer, email, case.expected, case.file .. ' after an edit')
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, { 'Bonjour.' })
  await(buffer, email, {}, case.file .. ' after everything went')
  vim.cmd('bwipeout!')
end

-- a fix, as a person takes it
vim.cmd('edit ' .. folder .. '/ru.md')
vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'Мы 😀 строим строим дома, и это важно для города.' })
await(0, 'voice/doubled-word', { 'строим строим' }, 'the doubled word')
local asked = { textDocument = vim.lsp.util.make_text_document_params(), context = { diagnostics = {} } }
local client = vim.lsp.get_active_clients()[1]
asked.range = { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 40 } }
local answers = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', asked, 20000)
for _, answer in pairs(answers or {}) do
  for _, action in ipairs(answer.result or {}) do
    if action.isPreferred then
      vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
    end
  end
end
local fixed = vim.api.nvim_buf_get_lines(0, 0, 1, false)[1]
check(fixed == 'Мы 😀 строим дома, и это важно для города.', 'the fix: ' .. fixed)

check(client.offset_encoding == vim.g.draftlint_encoding, 'encoding')
io.stdout:write('encoding ' .. client.offset_encoding .. (failed and ': failed\n' or ': passed\n'))
vim.cmd(failed and 'cquit 1' or 'qall!')
