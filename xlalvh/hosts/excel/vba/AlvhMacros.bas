Option Explicit

' Macros that a user can run, and those that the clock runs.

' Start the process that computes the ALVH_ formulas. Excel runs this by itself after opening.
Public Sub AlvhStart()
    AlvhConnect
    If AlvhRuns() Then
        AlvhBindOpened
    Else
        MsgBox "The Python process that computes the ALVH_ formulas did not start from" & vbLf & AlvhHome() & vbLf & _
            "Install xlalvh again, then run the macro AlvhStart or open the book again.", vbExclamation, "xlalvh"
    End If
End Sub

' Fetch quotes and write them to the book.
Public Sub AlvhRefresh()
    AlvhRefreshBook AlvhBook()
End Sub

' Refresh again and again, or stop doing so.
Public Sub AlvhAutoRefresh()
    AlvhSwitchAutoRefresh AlvhBook()
End Sub

' Stop the refresh that runs; the quotes stay as they are.
Public Sub AlvhCancel()
    AlvhCancelRefresh
End Sub

' What the clock runs while a refresh runs or is due.
Public Sub AlvhLook()
    AlvhLookAtRefresh
End Sub

' Put back what the last refresh replaced.
Public Sub AlvhUndo()
    AlvhUndoRefresh
End Sub

' A fresh copy of the workbook, in a file that the user names.
Public Sub AlvhNewWorkbook()
    Dim template As Variant, path As String
    If Not AlvhRuns() Then AlvhConnect
    template = AlvhAsk("xlalvh.hosts.excel.refresh", "template", Array())
    If IsError(template) Then
        MsgBox "The template was not found. Run the Doctor, or install xlalvh again.", vbExclamation, "xlalvh"
        Exit Sub
    End If
    path = AlvhAskForFile()
    If Len(path) = 0 Then Exit Sub
    If Len(Dir$(path)) > 0 Then
        MsgBox path & " exists; nothing was written. Give another name.", vbExclamation, "xlalvh"
        Exit Sub
    End If
    On Error GoTo failed
    FileCopy template, path
    Application.Workbooks.Open path
    Exit Sub
failed:
    MsgBox path & " cannot be written: " & Err.Description & vbLf & "Choose a folder on this computer.", vbExclamation, "xlalvh"
End Sub

' Book the condor and the ladder that the sheet Paper shows to the ledger of paper trades.
Public Sub AlvhBookToPaper()
    TellFailure AlvhBookPaper(AlvhBook())
End Sub

' Carry the open paper trades at the stored quotes.
Public Sub AlvhMark()
    TellFailure AlvhMarkPaper(AlvhBook())
End Sub

' Set the formulas of the book again where they do not find our functions.
Public Sub AlvhBindFormulas()
    AlvhSay AlvhBind(ActiveWorkbook)
End Sub

' Look for what is wrong, in a window of its own.
Public Sub AlvhDoctor()
    On Error GoTo failed
    AlvhConsole "doctor"
    Exit Sub
failed:
    MsgBox "No program may be started from Excel (" & Err.Description & "). Run in a terminal:" & vbLf & AlvhHome() & _
        "\Scripts\xlalvh doctor", vbExclamation, "xlalvh"
End Sub

' The sheet that shows every function at work.
Public Sub AlvhHelp()
    Dim sheet As Object
    For Each sheet In AlvhBook().Worksheets
        If sheet.Name = "Functions" Then
            sheet.Parent.Activate
            sheet.Activate
            Exit Sub
        End If
    Next sheet
    MsgBox "The sheet Functions of the workbook shows every formula at work: open one with New workbook." & vbLf & _
        "In any book, the function wizard lists the formulas under the categories ALVH.", vbInformation, "xlalvh"
End Sub

Private Sub TellFailure(ByVal failure As String)
    If Len(failure) > 0 Then MsgBox failure, vbExclamation, "xlalvh"
End Sub
