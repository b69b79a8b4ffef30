-- draftlint for Neovim 0.7 and later. Put this file into ~/.config/nvim/plugin/, or copy what you need.
-- On 0.11 the built-in way is enough:
--   vim.lsp.config('draftlint', { cmd = { 'draftlint', 'lsp' }, filetypes = { 'markdown', 'text', 'html' },
--                                 root_markers = { 'draftlint.toml', '.git' } })
--   vim.lsp.enable('draftlint')

local filetypes = { 'markdown', 'text', 'html' }
local clients = {}

-- The folder of the nearest draftlint.toml, else of the repository, else the file's own.
local function root(file)
  local folder = file == '' and vim.loop.cwd() or vim.fn.fnamemodify(file, ':p:h')
  for _, marker in ipairs({ 'draftlint.toml', '.git' }) do
    local find = marker == '.git' and vim.fn.finddir or vim.fn.findfile
    local found = find(marker, vim.fn.fnameescape(folder) .. ';')
    if found ~= '' then
      return vim.fn.fnamemodify(found, ':p'):gsub('/%.git/?$', ''):gsub('/draftlint%.toml$', '')
    end
  end
  return folder
end

local function attach(buffer)
  local folder = root(vim.api.nvim_buf_get_name(buffer))
  if clients[folder] == nil or vim.lsp.client_is_stopped(clients[folder]) then
    clients[folder] = vim.lsp.start_client({
      name = 'draftlint',
      cmd = { vim.g.draftlint_path or 'draftlint', 'lsp' },
      root_dir = folder,
      workspace_folders = { { uri = vim.uri_from_fname(folder), name = folder } },
      init_options = vim.g.draftlint_options or vim.empty_dict(),
    })
  end
  if clients[folder] then
    vim.lsp.buf_attach_client(buffer, clients[folder])
  end
end

vim.api.nvim_create_autocmd('FileType', {
  group = vim.api.nvim_create_augroup('draftlint', {}),
  pattern = filetypes,
  callback = function(event) attach(event.buf) end,
})
