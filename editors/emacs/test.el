;;; test.el --- opens drafts and reads back where the diagnostics stand; see test.sh -*- lexical-binding: t -*-

(package-initialize)
(require 'eglot)
(require 'flymake)
(load (pop command-line-args-left) nil t)
(setq eglot-sync-connect 30)

(defvar failed nil)

(defun words ()
  "The words under each diagnostic of an e-mail address."
  (let (found)
    (dolist (d (flymake-diagnostics) found)
      (when (string-match-p "email-address" (flymake-diagnostic-text d))
        (push (buffer-substring-no-properties (flymake-diagnostic-beg d) (flymake-diagnostic-end d)) found)))))

(defun await (expected what)
  "Waits until the words are EXPECTED; complains of WHAT."
  ;; sent when Emacs is idle, which it never is without a terminal
  (eglot--signal-textDocument/didChange)
  (let ((until (+ (float-time) 30)))
    (while (and (< (float-time) until) (not (equal (words) expected)))
      (accept-process-output nil 0.05)
      (flymake-start))
    (unless (equal (words) expected)
      (setq failed t)
      (message "FAILED: %s: %S instead of %S" what (words) expected))))

(dolist (case '(("ru.txt" "anna.petrova1984@gmail.com" "адрес")
                ("fr.txt" "anne.petit84@gmail.com" "adresse")
                ("dos.txt" "anna.petrova1984@gmail.com" "адрес")))
  (find-file (expand-file-name (car case) (getenv "DRAFTS")))
  ;; `eglot-ensure' waits for the end of a command
  (run-hooks 'post-command-hook)
  (unless (eglot-managed-p)
    (setq failed t)
    (message "FAILED: %s: no server" (car case)))
  (await (cdr (butlast case)) (car case))
  (dolist (d (flymake-diagnostics))
    (when (string-match-p "email-address" (flymake-diagnostic-text d))
      (unless (string-match-p (nth 2 case) (downcase (flymake-diagnostic-text d)))
        (setq failed t)
        (message "FAILED: %s: %s" (car case) (flymake-diagnostic-text d)))))
  ;; typed before the finding, on its line and above it: the range moves along
  (goto-char (point-min))
  (search-forward "@")
  (beginning-of-line)
  (insert "Дорогие 😀 друзья, \nещё строка: ")
  (await (cdr (butlast case)) (concat (car case) " after an edit"))
  (erase-buffer)
  (insert "Bonjour.")
  (await nil (concat (car case) " after everything went"))
  (set-buffer-modified-p nil))

(message (if failed "emacs: failed" "emacs %s, eglot: passed") emacs-version)
(kill-emacs (if failed 1 0))

;;; test.el ends here
