;;; draftlint.el --- draftlint through eglot -*- lexical-binding: t -*-

;; Emacs 29 has eglot; on older ones install it from GNU ELPA. Put this into your init file. Then `M-x eglot' in a
;; draft, or, as at the end, in every draft. `C-c ! l' lists what is found, `M-x eglot-code-actions' offers what to do.

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((markdown-mode gfm-mode text-mode html-mode mhtml-mode) . ("draftlint" "lsp"))))

;; What the editor asks for on top of draftlint.toml, if anything:
;; (setq-default eglot-workspace-configuration '(:draftlint (:messageLanguage "fr")))

(dolist (hook '(markdown-mode-hook text-mode-hook html-mode-hook))
  (add-hook hook
            (lambda ()
              ;; modes derived from text-mode that hold no drafts: commit messages, mail headers
              (when (memq major-mode '(markdown-mode gfm-mode text-mode html-mode mhtml-mode))
                (eglot-ensure)))))

;;; draftlint.el ends here
