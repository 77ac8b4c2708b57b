Option Explicit

' The tab of the ribbon; each button has the name of its macro.

Public Sub AlvhRibbon(control As IRibbonControl)
    Select Case control.ID
        Case "AlvhRefresh": AlvhRefresh
        Case "AlvhAutoRefresh": AlvhAutoRefresh
        Case "AlvhCancel": AlvhCancel
        Case "AlvhUndo": AlvhUndo
        Case "AlvhBookToPaper": AlvhBookToPaper
        Case "AlvhMark": AlvhMark
        Case "AlvhNewWorkbook": AlvhNewWorkbook
        Case "AlvhBindFormulas": AlvhBindFormulas
        Case "AlvhDoctor": AlvhDoctor
        Case "AlvhHelp": AlvhHelp
    End Select
End Sub
