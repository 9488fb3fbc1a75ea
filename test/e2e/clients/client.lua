-- Neovim's own client (0.7 or later) against the server named by the environment:
--   nvim --headless -u NONE -i NONE -c 'luafile client.lua'
-- SERVER_COMMAND (a JSON list), MANIFEST, POSITION_COMPLETION and POSITION_HOVER ("line:character", from 0) go in;
-- one JSON object goes into the file REPORT.
local patience = 20000
local report = { errors = {} }

local function await(what, is_done)
  if not vim.wait(patience, is_done, 20) then error('waited in vain for ' .. what) end
end

local function position(variable)
  local line, character = os.getenv(variable):match('^(%d+):(%d+)$')
  return { line = tonumber(line), character = tonumber(character) }
end

local function ask(client_id, method, where)
  local params = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = where }
  local answers = assert(vim.lsp.buf_request_sync(0, method, params, patience), method .. ': no answer')
  local answer = assert(answers[client_id], method .. ': no answer from this server')
  assert(not answer.err, method .. ': ' .. vim.inspect(answer.err))
  return answer.result
end

local function start()
  local file = os.getenv('MANIFEST')
  vim.cmd('edit ' .. vim.fn.fnameescape(file))
  vim.bo.filetype = 'yaml'
  local client_id = assert(vim.lsp.start_client({
    name = 'data-clusters',
    cmd = vim.fn.json_decode(os.getenv('SERVER_COMMAND')),
    root_dir = vim.fn.fnamemodify(file, ':h'),
    on_exit = function(code) report.exit_code = code end,
  }))
  vim.lsp.buf_attach_client(0, client_id)
  await('initialize', function()
    local client = vim.lsp.get_client_by_id(client_id)
    return client ~= nil and client.initialized
  end)
  return client_id
end

local function run()
  local client_id = start()
  await('diagnostics', function() return #vim.diagnostic.get(0) > 0 end)
  report.diagnostics = vim.tbl_map(function(found)
    return { line = found.lnum, source = found.source, message = found.message }
  end, vim.diagnostic.get(0))
  local completion = ask(client_id, 'textDocument/completion', position('POSITION_COMPLETION'))
  report.completion = vim.tbl_map(function(item) return item.label end, completion.items or completion)
  report.hover = ask(client_id, 'textDocument/hover', position('POSITION_HOVER')).contents.value
  vim.lsp.stop_client(client_id)
  await('the server to end', function() return report.exit_code ~= nil end)
end

local ok, reason = pcall(run)
if not ok then table.insert(report.errors, tostring(reason)) end
vim.fn.writefile({ vim.fn.json_encode(report) }, os.getenv('REPORT'))
vim.cmd(ok and 'qall!' or 'cquit 1')
