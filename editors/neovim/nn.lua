-- nn for Neovim 0.11 and newer: put this file into ~/.config/nvim/plugin/.
vim.filetype.add({ extension = { nn = "nn" } })

vim.lsp.config("nnc", {
  cmd = function(dispatchers, config)
    -- The compiler of the project, else the one on the path.
    local own = (config.root_dir or vim.fn.getcwd()) .. "/node_modules/.bin/nnc"
    local command = vim.uv.fs_stat(own) and own or "nnc"
    return vim.lsp.rpc.start({ command, "lsp", "--stdio" }, dispatchers)
  end,
  filetypes = { "nn" },
  root_markers = { "package.json", ".git" },
})
vim.lsp.enable("nnc")

vim.api.nvim_create_autocmd("FileType", {
  pattern = "nn",
  callback = function(event)
    vim.bo[event.buf].commentstring = "// %s"
    vim.bo[event.buf].shiftwidth = 2
    vim.bo[event.buf].expandtab = true
  end,
})

vim.api.nvim_create_autocmd("LspAttach", {
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client == nil or client.name ~= "nnc" then return end
    vim.lsp.inlay_hint.enable(true, { bufnr = event.buf })
    vim.lsp.completion.enable(true, client.id, event.buf, { autotrigger = true })
    vim.api.nvim_create_autocmd("BufWritePre", {
      buffer = event.buf,
      callback = function() vim.lsp.buf.format({ bufnr = event.buf, id = client.id }) end,
    })
  end,
})
