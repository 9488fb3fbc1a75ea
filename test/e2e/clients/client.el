;;; client.el --- Eglot against the server named by the environment  -*- lexical-binding: t -*-
;; emacs -q --batch -l client.el
;; SERVER_COMMAND (a JSON list), MANIFEST, POSITION_COMPLETION and POSITION_HOVER ("line:character", from 0) go in;
;; one JSON object goes into the file REPORT.  -Q would hide the packages of Debian.
(require 'json)
(require 'package)
(package-initialize)
(require 'eglot)
(require 'flymake)

(setq eglot-sync-connect 20
      eglot-autoshutdown t
      eglot-events-buffer-size 0
      eglot-send-changes-idle-time 0
      enable-local-variables nil)

(define-derived-mode manifest-mode prog-mode "Manifest")
(put 'manifest-mode 'eglot-language-id "yaml")

(defvar patience 20.0 "Seconds that one answer may take.")

(defun go-to (variable)
  "Put point at the position in the environment VARIABLE."
  (let ((parts (mapcar #'string-to-number (split-string (getenv variable) ":"))))
    (goto-char (point-min))
    (forward-line (car parts))
    (move-to-column (cadr parts))))

(defun ask (method variable)
  "Send METHOD for the position in the environment VARIABLE."
  (go-to variable)
  (jsonrpc-request (eglot--current-server-or-lose) method (eglot--TextDocumentPositionParams)))

(defun wait-for-diagnostics ()
  "Return the diagnostics of the buffer, when there are any, or nil after some time."
  (let ((deadline (+ (float-time) patience)) found)
    (while (and (null (setq found (flymake-diagnostics))) (< (float-time) deadline))
      (flymake-start)
      (accept-process-output nil 0.05))
    found))

(defun wait-for-end (process)
  "Return the exit code of PROCESS."
  (let ((deadline (+ (float-time) patience)))
    (while (and (process-live-p process) (< (float-time) deadline))
      (accept-process-output nil 0.05)))
  (process-exit-status process))

(defun server-command ()
  "Return the words of the command that starts the server."
  (let ((json-array-type 'list)) (json-read-from-string (getenv "SERVER_COMMAND"))))

(let ((report (list :errors [])))
  (condition-case reason
      (progn
        (add-to-list 'eglot-server-programs (cons 'manifest-mode (server-command)))
        (find-file (getenv "MANIFEST"))
        (manifest-mode)
        (apply #'eglot (eglot--guess-contact))
        (setq report
              (plist-put report :diagnostics
                         (vconcat
                          (mapcar (lambda (found)
                                    (list :line (1- (line-number-at-pos (flymake-diagnostic-beg found)))
                                          :message (flymake-diagnostic-text found)))
                                  (wait-for-diagnostics)))))
        (let* ((answer (ask :textDocument/completion "POSITION_COMPLETION"))
               (items (if (vectorp answer) answer (plist-get answer :items))))
          (setq report (plist-put report :completion
                                  (vconcat (mapcar (lambda (item) (plist-get item :label)) items)))))
        (let ((answer (ask :textDocument/hover "POSITION_HOVER")))
          (setq report (plist-put report :hover (plist-get (plist-get answer :contents) :value))))
        (let* ((server (eglot--current-server-or-lose))
               (process (jsonrpc--process server)))
          (jsonrpc-request server :shutdown nil)
          (jsonrpc-notify server :exit nil)
          (setq report (plist-put report :exit_code (wait-for-end process)))))
    (error (setq report (plist-put report :errors (vector (error-message-string reason))))))
  (with-temp-file (getenv "REPORT") (insert (json-encode report))))
